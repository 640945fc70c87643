"""Lists of Dutch given names, surnames, places and common words, read from deduce's own files.

Only the files are read: importing deduce takes seconds, sets up logging for the whole program,
and is needed for none of this.
"""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from copanalysis.errors import CopanalysisError

SPECIAL = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"})
# Given names of people who came lately, which the lists, made of births here, do not have.
NEWCOMERS = """
Abeba Abel Abiel Abraham Abrehet Adhanom Afewerki Alganesh Aman Amanuel Asmerom Aster Awet Berhane
Bereket Biniam Binyam Bisrat Dawit Desta Efrem Elsa Ermias Eyob Feruz Filimon Filmon Fitsum
Freweini Futsum Genet Ghebre Goitom Habtom Hagos Haile Helen Henok Hermon Isaias Kibrom Kidane
Kiflom Letebrhan Lidya Luwam Medhanie Mehari Mengsteab Merhawi Meron Mewael Mihret Mogos Mulugeta
Mussie Nahom Natnael Okbay Rahwa Rigat Robel Rufael Saba Samrawit Selam Selamawit Semere Senait
Sennay Simret Solomon Teame Tedros Teklay Tekle Tesfalem Tesfay Tesfaye Tewelde Tsegay Weldu Winta
Yemane Yohana Yohannes Yonas Yonatan Yordanos Zekarias Zerai Abdulkarim Abdulrahman Adnan Ahmad
Alaa Amer Anas Ayham Basel Bassam Bayan Diaa Duaa Eyad Fadi Faisal Feras Ghada Ghassan Hadi
Haitham Hala Hanan Hazem Hiba Hussam Imad Iyad Jihad Kinan Lubna Maha Mahmoud Majd Manal Mazen
Moaz Mouhamad Muhannad Nawras Nisreen Nour Obada Omar Osama Qusai Raghad Rahaf Rama Rami Rasha
Razan Rima Salma Samer Shadi Suhair Tarek Waleed Wael Wafaa Yahya Yazan Zaher Zeina Ahmadzai
Behrouz Farhad Farzana Fereshteh Golnaz Hamid Hossein Mahnaz Mahsa Maryam Mehdi Mitra Mojtaba
Najib Nasim Nazanin Niloufar Parvin Parwin Reza Saeed Shirin Soraya Zabiullah Abdi Abdirahman Asha
Ayaan Faduma Farah Fartun Halima Hodan Ifrah Khadra Liban Sahra Warsame Yusuf Anastasiia Andrii
Bohdan Dmytro Hanna Iryna Kateryna Kostiantyn Kseniia Liudmyla Mykhailo Mykola Nataliia Oksana
Oleh Oleksandr Oleksii Olena Serhii Svitlana Taras Tetiana Viktoriia Vitalii Volodymyr Yaroslav
Yevhen Yuliia Aylin Ayşe Cemile Emine Emrah Fatma Gül Hatice Hüseyin Mehmet Merve Mustafa Nuray
Özlem Sevgi Tuğba Zehra Berivan Dilan Hêvî Jiyan Rojin Rojda Şivan Zilan
"""


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """A name to compare by: letters only, no case, no accents ("Van den  Akker": vandenakker)."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(SPECIAL))
    return "".join(letter for letter in plain if letter.isalnum())


@lru_cache(maxsize=16)
def beginnings(names: frozenset[str]) -> frozenset[str]:
    """All first letters of folded names, whole names included: what a name can begin with."""
    return frozenset(name[:length] for name in names for length in range(1, len(name) + 1))


@cache
def given_names() -> frozenset[str]:
    """Given names in use in the Netherlands, folded; some, such as Wil, are plain words too."""
    listed = _list("names/lst_first_name") | {folded(name) for name in NEWCOMERS.split()}
    return (listed - _list("whitelist/lst_stop_word")) | {"wil", "ben"}


@cache
def surnames() -> frozenset[str]:
    """The core of Dutch surnames ("Akker" of "van den Akker" too), folded."""
    return _list("names/lst_surname") | _list("names/lst_interfix_surname")


@cache
def places() -> frozenset[str]:
    """Dutch municipalities, places to live and regions, folded, without what is in brackets.

    Of a double name ("Baarle-Nassau") the first part counts as well.
    """
    kinds = ("residence", "municipality", "region")
    written = [item for k in kinds for item in _items(f"locations/lst_placename/lst_{k}")]
    heads = {folded(item.split("-")[0]) for item in written if re.search(r"^\w{5,}-[A-Z]", item)}
    return frozenset({*map(folded, written), *heads} - ordinary_words() | {"echt"})


@cache
def ordinary_words() -> frozenset[str]:
    """The commonest words of Dutch that are nobody's surname, folded."""
    common = _list("whitelist/lst_common_word") - _list("names/lst_surname")
    return common | _list("whitelist/lst_stop_word")


def _list(folder: str) -> frozenset[str]:
    return frozenset(word for word in map(folded, _items(folder)) if len(word) > 1)


def _items(folder: str) -> set[str]:
    """The words of a list, without what stands in brackets behind them."""
    items = _lines(folder, "items.txt") - _lines(folder, "exceptions.txt")
    return {re.sub(r"\s*\([^)]*\)", "", item) for item in items}


def _lines(folder: str, file: str) -> set[str]:
    path = lists_of_deduce() / folder / file
    if not path.is_file():
        return set()
    return {line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()}


def lists_of_deduce() -> Path:
    """Where deduce keeps its lists."""
    found = importlib.util.find_spec("deduce")
    folder = Path(found.origin).parent / "data" / "lookup" / "src" if found else Path()
    if not (folder / "names" / "lst_first_name" / "items.txt").is_file():
        raise CopanalysisError(
            "The name lists of deduce are not there, so names cannot be found; "
            "install the packages again (make report does so)."
        )
    return folder
