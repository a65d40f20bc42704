"""Follows docs/tutorial.md to the letter: writes its files, types its commands, compares the answers.

    tutorial.py KMODEL

What `kmodel check`, `import` and `cat` print has to be the same. In all else, numbers count as equal to any other number; which
kernels --profile lists is not compared: both depend on the machine.
"""
import os
import re
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
text = open(f'{here}/../../docs/tutorial.md', encoding='utf-8').read()
environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL='3', CUDA_VISIBLE_DEVICES='',
                   PATH=f'{os.path.dirname(os.path.abspath(sys.argv[1]))}:{os.environ["PATH"]}')


def blocks():
    """(language, contents, the text before) of every fenced block."""
    before = 0
    for match in re.finditer(r'```(\w+)\n(.*?)```', text, re.S):
        yield match[1], match[2], text[before:match.start()]
        before = match.end()


def commands(session):
    """(command, answer) of a console block."""
    for part in re.split(r'^\$ ', session, flags=re.M)[1:]:
        command, _, answer = part.partition('\n')
        yield command, answer


def plain(command, answer):
    """The words of the answer's lines, without what differs from machine to machine."""
    if re.match('kmodel check|kmodel import|cat ', command):
        return [line.split() for line in answer.splitlines()]
    answer = re.sub(r'^(layer +kernel .*\n).*', r'\1', answer, flags=re.M | re.S)
    return [line.split() for line in re.sub(r'-?\d[\d.]*(e[-+]\d+)?', '#', answer).splitlines()]


def run(command, folder):
    # TensorFlow talks on standard error.
    error = subprocess.DEVNULL if command.startswith('python ') else subprocess.STDOUT
    command = re.sub('^python ', f'{sys.executable} ', command)
    return subprocess.run(command, shell=True, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=error,
                          encoding='utf-8').stdout


def follow(folder):
    """The number of answers that differ."""
    wrong = 0
    for language, contents, before in blocks():
        if language != 'console':
            name = re.findall(r'`(\w+\.(?:kmodel|py|c))`', before)[-1]
            open(f'{folder}/{name}', 'w', encoding='utf-8').write(contents)
            continue
        for command, answer in commands(contents):
            found, expected = plain(command, run(command, folder)), plain(command, answer)
            if expected and expected[0] == ['...']:
                expected = expected[1:]
                found = found[-len(expected):]
            if found != expected:
                wrong += 1
                print(f'$ {command}\nexpected {expected}\nfound    {found}', file=sys.stderr)
    return wrong


with tempfile.TemporaryDirectory() as scratch:
    failures = follow(scratch)
print(f'{failures} answers differ' if failures else 'docs/tutorial.md: every command answers as it says')
sys.exit(failures > 0)
