"""Dutch words by which names are told from other words with a capital; all folded."""

from __future__ import annotations

from copanalysis.study.privacy.word_lists import folded


def _words(text: str) -> frozenset[str]:
    return frozenset(folded(word) for word in text.split())


def _lines(text: str) -> frozenset[str]:
    return frozenset(folded(line) for line in text.split(","))


# "de heer" is met as its second word; a name follows each of these.
TITLES = _words(
    "heer heren meneer menneer mijnheer mevrouw mevr mw dhr mej juffrouw juf meester dokter dr drs "
    "mr ir ing prof professor oom tante opa oma pater pastoor dominee ds imam"
)
SHORT_TITLES = _words("mevr mw dhr mej dr drs mr ir ing prof ds")  # a dot may follow
INTERFIXES = _words(
    "van de den der het 't ten ter te el al bin ibn ben da di dos du la le les von zu zur vd v d'"
)
ALWAYS_INTERFIX = _words("te ten ter el al bin ibn")  # before a capital they are nothing else
BEFORE_INTERFIX = _words("in op aan bij uit")  # of a surname with "de", "den", "der", "'t" behind
# Verbs that follow a name at the beginning of a sentence, and hardly a word of another kind.
VERBS = _words(
    "is was heeft had zei zegt zeg zal zou kan kon moet moest mag mocht wil wilde wou gaat ging "
    "komt kwam doet deed vindt vond vraagt vroeg belt belde mailt mailde appt appte schrijft "
    "schreef geeft gaf neemt nam ziet zag weet wist werkt werkte zit zat staat stond loopt liep "
    "leest las maakt maakte blijft bleef heet heette denkt dacht vertelt vertelde kent kende "
    "hoort hoorde legt legde stuurt stuurde houdt hield krijgt kreeg brengt bracht woont woonde "
    "begint begon bedenkt bedacht leidt leidde regelt regelde snapt snapte wordt werd"
)
# Names and places that are also words with which a sentence begins: there they need a sign.
WORDS_TOO = _words(
    "wil ben ken kent bent kan mag bel bas like lot mo ed goed best vast echt pas mooi mooie mei "
    "stil lang lange kort klein groot wit zwart rood jong even leg raar eng banen punt weert elst "
    "ede goes hulst leek zeg kom laat denk geef kijk hou help vraag start hub sam tom"
)
EXCLAMATIONS = _words(
    "joa ja nee nou hoi hallo moi moin dag hee hè oei ach ah oh och tja jawel goh poeh zo kijk "
    "niks oke goedemorgen goeiemorgen goedemiddag goedenavond welkom dank bedankt sorry"
)
DEMONYMS = _words(
    "nederlands nederlandse nederlander nederlanders nederlandstalig nederlandstalige engels "
    "engelse engelsen duits duitse duitser duitsers frans franse fransen belg belgen belgisch "
    "belgische spaans spaanse italiaans italiaanse pools poolse pool polen russisch russische "
    "oekraïens oekraïense oekraïner oekraïners oekraïnse turks turkse turk turken marokkaans "
    "marokkaanse marokkaan marokkanen arabisch arabische arabier arabieren syrisch syrische "
    "syriër syriërs eritrees eritrese eritreeër eritreeërs ethiopisch ethiopische ethiopiër "
    "ethiopiërs somalisch somalische somaliër somaliërs soedanees soedanese sudanees afghaans "
    "afghaanse afghaan afghanen iraans iraanse iraniër iraniërs perzisch iraaks iraakse irakees "
    "koerdisch koerdische koerd koerden jemenitisch jemenitische tigrinya tigrinja tigrigna "
    "amhaars dari farsi pasjtoe pashto urdu somali sorani kurmanji surinaams surinaamse surinamer "
    "surinamers antilliaans antilliaanse papiaments braziliaans braziliaanse chinees chinese "
    "amerikaans amerikaanse europees europese europeaan fries friese friezen limburgs limburgse "
    "brabants brabantse zeeuws zeeuwse zeeuwen groningse gronings drents drentse twents twentse "
    "gelders gelderse achterhoeks achterhoekse amsterdams amsterdamse amsterdammer rotterdams "
    "rotterdamse rotterdammer hollands hollandse joods joodse islamitisch islamitische moslim "
    "moslims christelijk christelijke katholiek indonesisch indonesische molukse indiaas "
    "vietnamees"
)
COUNTRIES = _lines(
    "Nederland,België,Duitsland,Frankrijk,Engeland,Spanje,Italië,Polen,Rusland,Oekraïne,Turkije,"
    "Marokko,Syrië,Eritrea,Ethiopië,Somalië,Soedan,Sudan,Afghanistan,Iran,Irak,Jemen,Libanon,"
    "Egypte,Libië,Algerije,Tunesië,Ghana,Nigeria,Suriname,Curaçao,Aruba,Indonesië,China,India,"
    "Pakistan,Amerika,Europa,Afrika,Azië,Brazilië,Colombia,Venezuela,Griekenland,Zweden,Noorwegen,"
    "Denemarken,Oostenrijk,Zwitserland,Portugal,Roemenië,Bulgarije,Hongarije,Palestina,Israël,"
    "Jordanië,Saoedi-Arabië,Koeweit,Vietnam,Thailand,Filipijnen,Kameroen,Congo,Oeganda,Kenia"
)
# Larger than the region of a CoP, or used for the government: they point to nobody.
REGIONS = _lines(
    "Groningen,Friesland,Fryslân,Drenthe,Overijssel,Flevoland,Gelderland,Utrecht,Noord-Holland,"
    "Zuid-Holland,Zeeland,Noord-Brabant,Brabant,Limburg,Randstad,Twente,Holland,Den Haag,"
    "'s-Gravenhage,Noord-Nederland,Oost-Nederland,Zuid-Nederland,Noordoost,Noord,Oost,Zuid,West"
)
THINGS = _words(
    "cop cops wet inburgering inburgeringswet wi wi2021 wi2013 z route kamer tweede eerste rijk "
    "staat ministerie minister staatssecretaris gemeente gemeentes provincie participatiewet "
    "onderwijsroute leerroute brede intake pip map pvt knm ona nt2 isk azc mbo hbo wo roc avg "
    "bijstand werkplein thermometer kerst kerstmis pasen pinksteren ramadan suikerfeest "
    "offerfeest sinterklaas koningsdag nieuwjaar corona covid god allah koran bijbel internet "
    "teams teamsoverleg zoom excel word powerpoint outlook whatsapp app signal google drive "
    "sharepoint onedrive dropbox mural miro padlet mentimeter menti slack trello linkedin "
    "facebook instagram youtube tiktok netflix wikipedia chatgpt duolingo pdf word doc forms "
    "limesurvey qualtrics volkskrant trouw telegraaf nrc ad nos jeugdjournaal windows microsoft "
    "apple android iphone ipad laptop maandag dinsdag woensdag donderdag vrijdag zaterdag zondag "
    "werk inkomen zorg welzijn zaken samenleving burgerzaken blik januari februari maart april "
    "mei juni juli augustus september oktober november december exception"
)
STREETS = ("straat", "laan", "plein", "gracht", "singel", "steeg", "plantsoen")
COMPOUNDS = ("kamer", "excel", "teams", "whatsapp", "zoom", "google", "facebook", "linkedin")
INHABITANTS = ("er", "ers", "se", "s", "enaar", "enaren", "aar", "aren")  # "Rijnmondse"
NO_NAMES = DEMONYMS | COUNTRIES | REGIONS | THINGS
TO_PLACES = _words("in uit naar vanuit bij rond rondom omgeving gemeente richting voorbij stad")
COMPASS = _words("oost west noord zuid centrum noordoost noordwest zuidoost zuidwest")
# What a small organisation is called by; its own name, with a capital, follows.
SMALL_ORGANISATIONS = (
    r"(?:[Tt]aalhuis|[Tt]aalpunt|[Tt]aalschool|[Tt]aalcafé|[Bb]uurthuis|[Bb]uurtcentrum|"
    r"[Ww]ijkcentrum|[Ww]ijkhuis|[Dd]orpshuis|[Hh]uis van de [Ww]ijk|[Ii]nloophuis|"
    r"[Oo]ntmoetingscentrum|[Ss]tichting|[Vv]ereniging|[Bb]asisschool|[Kk]indcentrum|ISK|"
    r"[Mm]oskee|[Vv]oedselbank|[Kk]ringloop|[Kk]ringloopwinkel|[Ww]erkplaats)"
)
