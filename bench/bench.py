"""Us and the peers, interleaved: `make bench`. Prints medians and ratios; asserts nothing about time.

    bench.py [--rounds 7] [--threads 1,2] [MODEL.kmodel ...]

Each round runs every program once for about the same time; the median over rounds of each round's median counts.
Before anything is timed all outputs are held against real Keras.
"""
import argparse
import os
import statistics
import subprocess
import sys

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(here)
PEERS = ['onnxruntime', 'openvino', 'litert', 'xla']
MODELS = ['examples/mnist/mnist.kmodel', 'examples/seed/seed.kmodel', 'examples/vgg16/vgg16.kmodel']
ROUND_SECONDS = 0.5


def check_output(name, folder):
    expected = np.load(f'{folder}/keras.npy')
    got = np.load(f'{folder}/{name}.npy').reshape(expected.shape)
    error = np.abs(got - expected).max() / np.abs(expected).max()
    if not error < 1e-4:
        sys.exit(f'{name}: output differs from Keras by {error:.1e} of its scale')
    return error


class Peer:
    def __init__(self, kind, folder, threads):
        self.process = subprocess.Popen(
            [sys.executable, f'{here}/peer.py', kind, folder, str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        while True:
            line = self.process.stdout.readline()
            if not line:
                sys.exit(f'{kind} failed: run {here}/peer.py {kind} {folder} {threads}')
            if line.strip() == 'ready':
                break
        self.runs = 1
        check_output(kind, folder)
        self.time(2)

    def time(self, runs):
        self.process.stdin.write(f'{runs}\n')
        self.process.stdin.flush()
        return [float(s) for s in self.process.stdout.readline().split()]

    def round(self):
        seconds = statistics.median(self.time(self.runs))
        self.runs = max(3, int(ROUND_SECONDS / seconds))
        return seconds

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Ours:
    def __init__(self, source, folder, threads):
        self.binary = f'{folder}/kmodel.exe'
        weights = f'{folder}/weights.weights.h5'
        subprocess.run([f'{root}/build/kmodel', 'build', source, '--weights', weights, '-o', self.binary, '-q'],
                       check=True)
        self.threads = threads
        self.input = f'{folder}/input.npy'
        subprocess.run([self.binary, '--input', self.input, '--output', f'{folder}/kmodel.npy', '--threads',
                        str(threads)], check=True)
        check_output('kmodel', folder)

    def round(self):
        out = subprocess.run([self.binary, '--input', self.input, '--bench', '--threads', str(self.threads)],
                             check=True, capture_output=True, text=True).stdout
        return float(next(line.split()[1] for line in out.splitlines() if line.startswith('median'))) * 1e-6

    def close(self):
        pass


def bench(source, threads, rounds):
    name = os.path.splitext(os.path.basename(source))[0]
    folder = f'{root}/build/bench/{name}'
    if not os.path.exists(f'{folder}/model.onnx'):
        subprocess.run([sys.executable, f'{here}/prepare.py', source, folder], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    runners = {'kmodel': Ours(source, folder, threads)}
    runners.update({kind: Peer(kind, folder, threads) for kind in PEERS})
    times = {kind: [] for kind in runners}
    for peer in runners.values():
        peer.round()
    for _ in range(rounds):
        for kind, runner in runners.items():
            times[kind].append(runner.round())
    for runner in runners.values():
        runner.close()
    ours = statistics.median(times['kmodel'])
    print(f'{name}, batch 1, {threads} thread{"s" * (threads > 1)}')
    for kind, seconds in times.items():
        median = statistics.median(seconds)
        print(f'  {kind:12} {median * 1e6:12.1f} us   {median / ours:5.2f} x', flush=True)


arguments = argparse.ArgumentParser()
arguments.add_argument('models', nargs='*', default=[f'{root}/{m}' for m in MODELS])
arguments.add_argument('--rounds', type=int, default=7)
arguments.add_argument('--threads', default='1,2')
options = arguments.parse_args()
for model in options.models:
    for count in options.threads.split(','):
        bench(os.path.abspath(model), int(count), options.rounds)
