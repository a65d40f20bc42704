"""One peer in a process of its own, driven by bench.py through pipes.

    peer.py KIND MODEL_DIR THREADS

loads MODEL_DIR/model.{onnx,tflite} or saved/, writes its output for MODEL_DIR/input.npy to MODEL_DIR/KIND.npy, prints `ready`,
then for each line `N` read runs N times and prints the seconds of each run.
"""
import os
import sys
import time

kind, folder, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'
os.environ['CUDA_VISIBLE_DEVICES'] = ''

import numpy as np


def onnxruntime(x):
    import onnxruntime as ort
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(f'{folder}/model.onnx', options, providers=['CPUExecutionProvider'])
    name = session.get_inputs()[0].name
    return lambda: session.run(None, {name: x})[0]


def openvino(x):
    import openvino as ov
    core = ov.Core()
    compiled = core.compile_model(core.read_model(f'{folder}/model.onnx'), 'CPU', {
        'INFERENCE_NUM_THREADS': threads, 'NUM_STREAMS': 1, 'PERFORMANCE_HINT': 'LATENCY',
        'INFERENCE_PRECISION_HINT': 'f32'})
    request = compiled.create_infer_request()
    request.set_input_tensor(ov.Tensor(x, shared_memory=True))

    def run():
        request.infer()
        return request.get_output_tensor().data
    return run


def litert(x):
    from ai_edge_litert.interpreter import Interpreter
    interpreter = Interpreter(f'{folder}/model.tflite', num_threads=threads)
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]['index']
    sink = interpreter.get_output_details()[0]['index']
    interpreter.set_tensor(source, x)

    def run():
        interpreter.invoke()
        return interpreter.get_tensor(sink)
    return run


def xla(x):
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    saved = tf.saved_model.load(f'{folder}/saved')
    jitted = tf.function(saved.serve, jit_compile=True)
    tensor = tf.constant(x)

    def run(owner=saved):  # the variables live as long as what was loaded
        return jitted(tensor).numpy()
    return run


x = np.load(f'{folder}/input.npy')
run = {'onnxruntime': onnxruntime, 'openvino': openvino, 'litert': litert, 'xla': xla}[kind](x)
np.save(f'{folder}/{kind}.npy', run())
print('ready', flush=True)
for line in sys.stdin:
    seconds = []
    for _ in range(int(line)):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    print(*seconds, flush=True)
