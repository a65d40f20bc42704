"""Every .kmodel file that compiles is a Python program too: run under real Keras it prints the same, and its model has the
same summary and parameter count.

    examples.py KMODEL FOLDER...
"""
import pathlib
import subprocess
import sys
import warnings

from run_kmodel import run, summary

kmodel, folders = sys.argv[1], sys.argv[2:]
warnings.simplefilter('ignore')


def ours(command, path):
    return subprocess.run([kmodel, command, str(path)], capture_output=True, encoding='utf-8', errors='replace')


def differences(path):
    """Yields what differs; nothing for a file that does not compile."""
    checked = ours('check', path)
    if checked.returncode:
        return
    try:
        printed, model = run(str(path))
    except Exception as error:
        yield f'compiles, but Keras says {type(error).__name__}: {error}'
        return
    if checked.stdout != printed:
        yield f'prints\n{checked.stdout}under Keras\n{printed}'
    if model is None:
        return
    if (text := ours('summary', path).stdout) and not text.endswith(summary(model)):
        yield f'has the summary\n{text}under Keras\n{summary(model)}'


failed = passed = 0
for path in sorted(p for folder in folders for p in pathlib.Path(folder).rglob('*.kmodel')):
    found = list(differences(path))
    for difference in found:
        print(f'{path}: {difference}')
    failed += bool(found)
    passed += not found
print(f'examples: {passed} passed, {failed} failed')
sys.exit(failed > 0 or passed == 0)
