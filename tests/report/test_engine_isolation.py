"""No notebook sees anything of another, whatever it does to itself."""

import pytest
from engine_runs import ran, text

POLLUTE = """
import builtins, locale, os, random, signal, sys, threading, warnings
import numpy as np, pandas as pd, matplotlib as mpl, matplotlib.pyplot as plt
import copanalysis as ca
leaked = 1; builtins.leaked = 1; ca.leaked = 1; sys.modules['leaked'] = sys
random.seed(1); np.random.seed(1)
mpl.rcParams['figure.dpi'] = 7; plt.figure()
pd.options.display.max_rows = 3; pd.DataFrame.head = None
warnings.simplefilter('error'); np.seterr(all='raise')
os.environ['LEAKED'] = '1'; os.umask(0o077); os.chdir('/')
sys.path.insert(0, '/leaked'); sys.setrecursionlimit(99999)
signal.signal(signal.SIGINT, signal.SIG_IGN)
threading.Thread(target=threading.Event().wait, daemon=True).start()
get_ipython().run_line_magic('alias', 'leaked echo')
ca.load_study = None
print('polluted')
"""
LOOK = """
import builtins, os, random, signal, sys, threading, warnings
import numpy as np, pandas as pd, matplotlib as mpl, matplotlib.pyplot as plt
import copanalysis as ca
print(sorted({
    'variable': 'leaked' in globals(), 'builtin': hasattr(builtins, 'leaked'),
    'module': hasattr(ca, 'leaked') or 'leaked' in sys.modules, 'function': not ca.load_study,
    'dpi': mpl.rcParams['figure.dpi'] == 7, 'figure': bool(plt.get_fignums()),
    'option': pd.options.display.max_rows == 3, 'method': pd.DataFrame.head is None,
    'filter': warnings.filters[0][0] == 'error', 'errors': np.geterr()['divide'] == 'raise',
    'environment': 'LEAKED' in os.environ, 'mask': os.umask(0o022) == 0o077,
    'path': '/leaked' in sys.path, 'recursion': sys.getrecursionlimit() == 99999,
    'signal': signal.getsignal(signal.SIGINT) == signal.SIG_IGN,
    'thread': threading.active_count() > 1, 'folder': os.getcwd() == '/',
    'alias': bool(get_ipython().find_magic('leaked')), 'count': len(In) != 2,
}.items()))
"""
RANDOM = "import random, numpy as np\nprint(random.random(), np.random.random())"


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    names = ["a", "b", "c"]
    notebooks = {f"pollute_{n}": [POLLUTE] for n in names} | {f"look_{n}": [LOOK] for n in names}
    notebooks |= {
        "first": [RANDOM],
        "second": [RANDOM],
        "closes": ["f = open('kept', 'w')\nf.write('x')"],
    }
    folder = tmp_path_factory.mktemp("isolation")
    notebooks, problems = ran(folder, notebooks, jobs=1)
    assert problems == []
    return folder, notebooks


@pytest.mark.parametrize("name", ["look_a", "look_b", "look_c"])
def test_nothing_of_another_notebook_is_seen(done, name):
    assert "polluted" in text(done[1][name.replace("look", "pollute")], 0)
    found = text(done[1][name], 0)
    assert "('alias', False)" in found
    assert "True" not in found


def test_random_numbers_differ_between_notebooks(done):
    first, second = (text(done[1][name], 0).split() for name in ("first", "second"))
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_a_file_left_open_is_written(done):
    assert (done[0] / "kept").read_text() == "x"
