"""Writes a Keras Sequential model as ONNX, the way ONNX Runtime runs it best: channels first throughout, one Transpose at the
input and one where the channels' order is seen again. (tf2onnx needs more than 20 GB for VGG16.)"""
import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

ACTIVATIONS = {'relu': 'Relu', 'sigmoid': 'Sigmoid', 'tanh': 'Tanh'}


class Writer:
    def __init__(self, shape):
        self.nodes, self.weights, self.last, self.channels_first = [], [], 'x', False
        self.rank = len(shape)

    def node(self, op, inputs=(), **attributes):
        output = f'{op}_{len(self.nodes)}'
        self.nodes.append(helper.make_node(op, [self.last, *inputs], [output], **attributes))
        self.last = output

    def weight(self, array):
        name = f'w{len(self.weights)}'
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def layout(self, channels_first):
        if self.rank == 4 and self.channels_first != channels_first:
            self.node('Transpose', perm=[0, 3, 1, 2] if channels_first else [0, 2, 3, 1])
        self.channels_first = channels_first

    def activation(self, function):
        name = function.__name__
        if name == 'softmax':
            self.layout(False)
            self.node('Softmax', axis=-1)
        elif name != 'linear':
            self.node(ACTIVATIONS[name])

    def layer(self, layer):
        kind, w = type(layer).__name__, [v.numpy() for v in layer.weights]
        if kind == 'Conv2D':
            self.layout(True)
            inputs = [self.weight(w[0].transpose(3, 2, 0, 1)), *map(self.weight, w[1:])]
            self.node('Conv', inputs, kernel_shape=layer.kernel_size, strides=layer.strides,
                      auto_pad='SAME_UPPER' if layer.padding == 'same' else 'VALID')
            self.activation(layer.activation)
        elif kind == 'Dense':
            self.layout(False)
            self.node('MatMul', [self.weight(w[0])])
            self.node('Add', [self.weight(w[1])])
            self.activation(layer.activation)
        elif kind == 'BatchNormalization':
            self.layout(True)
            self.node('BatchNormalization', map(self.weight, w), epsilon=layer.epsilon)
        elif kind in ('MaxPooling2D', 'AveragePooling2D'):
            self.layout(True)
            self.node('MaxPool' if kind == 'MaxPooling2D' else 'AveragePool', kernel_shape=layer.pool_size,
                      strides=layer.strides,
                      auto_pad='SAME_UPPER' if layer.padding == 'same' else 'VALID')
        elif kind == 'Flatten':
            self.layout(False)
            self.node('Flatten')
            self.rank = 2
        elif kind == 'Rescaling':
            self.node('Mul', [self.weight(np.float32(layer.scale))])
            if layer.offset:
                self.node('Add', [self.weight(np.float32(layer.offset))])
        elif kind == 'Activation':
            self.activation(layer.activation)
        elif kind != 'Dropout':
            raise ValueError(f'to_onnx.py does not know {kind}')


def write(model, path):
    shape = (1, *model.input_shape[1:])
    writer = Writer(shape)
    for layer in model.layers:
        writer.layer(layer)
    writer.layout(False)
    output = (1, *model.output_shape[1:])
    graph = helper.make_graph(writer.nodes, model.name,
                              [helper.make_tensor_value_info('x', TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info(writer.last, TensorProto.FLOAT, output)],
                              writer.weights)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid('', 18)], ir_version=9), path)
