# SPDX-License-Identifier: MIT
"""Layers and small networks of Keras: each with its options, in the ways that people write them.

A case is a function from the image to the last layer's output. It is called anew for each network.
"""

import keras
from keras import layers

# Size of the images: oblong, and no smaller, so that nothing else than the last axis looks like channels.
SIZE = (8, 9, 3)


def conv(filters=4, kernel=3, **options):
    return layers.Conv2D(filters, kernel, **options)


def chain(*makers):
    """Each maker makes a layer, which takes what the one before it gives."""

    def body(x):
        for maker in makers:
            x = maker()(x)
        return x

    return body


def one(type, *arguments, **options):
    return chain(lambda: type(*arguments, **options))


def convolutions():
    depthwise, separable = layers.DepthwiseConv2D, layers.SeparableConv2D
    return {
        "conv": one(conv),
        "conv_same_even": one(conv, kernel=4, padding="same"),
        "conv_stride": one(conv, strides=2),
        "conv_same_stride": one(conv, strides=2, padding="same"),
        "conv_oblong": one(conv, kernel=(3, 5), strides=(2, 1), padding="same"),
        "conv_dilated": one(conv, dilation_rate=2),
        "conv_same_dilated": one(conv, kernel=(2, 3), dilation_rate=(1, 2), padding="same"),
        "conv_groups": one(conv, 6, groups=3, padding="same"),
        "conv_activation": one(conv, activation="relu"),
        "depthwise": one(depthwise, 3),
        "depthwise_twice": one(depthwise, 3, depth_multiplier=2, padding="same"),
        "depthwise_stride": one(depthwise, 3, strides=2, padding="same", use_bias=False),
        "separable_stride": one(separable, 4, 3, strides=2, padding="same", depth_multiplier=2, activation="relu"),
        "conv_padded": chain(lambda: layers.ZeroPadding2D(((0, 1), (0, 1))), lambda: conv(strides=2)),
        "conv_transposed": one(layers.Conv2DTranspose, 4, 3, strides=2, padding="same"),
    }


def norms():
    norm, layer_norm = layers.BatchNormalization, layers.LayerNormalization
    conv_and = lambda *makers: chain(conv, *makers)
    return {
        "bn": one(norm),
        "conv_bn": conv_and(norm),
        "conv_bn_center": conv_and(lambda: norm(scale=False, epsilon=1e-5)),
        "conv_unbiased_bn_relu": chain(lambda: conv(use_bias=False, padding="same"), norm, layers.ReLU),
        "conv_relu_bn": conv_and(layers.ReLU, norm),
        "bn_relu_conv": chain(norm, layers.ReLU, lambda: conv(padding="same")),
        "dense_bn": chain(layers.Flatten, lambda: layers.Dense(6), norm, layers.ReLU),
        "layer_norm": conv_and(layer_norm),
        "layer_norm_scale": conv_and(lambda: layer_norm(center=False, epsilon=1e-6)),
        "layer_norm_vector": chain(layers.Flatten, lambda: layers.Dense(6), layer_norm),
        "layer_norm_whole": conv_and(lambda: layer_norm(axis=(1, 2, 3))),
        "group_norm": conv_and(lambda: layers.GroupNormalization(2)),
        "rms_norm": conv_and(layers.RMSNormalization),
        "dropout": conv_and(lambda: layers.SpatialDropout2D(0.5), lambda: layers.GaussianNoise(0.1),
                            layers.Flatten, lambda: layers.Dropout(0.5), lambda: layers.Dense(4)),
    }


def pools():
    maximum, average = layers.MaxPooling2D, layers.AveragePooling2D
    return {
        "max_pool": one(maximum),
        "max_pool_same": one(maximum, 3, strides=2, padding="same"),
        "max_pool_same_1": one(maximum, 2, strides=1, padding="same"),
        "max_pool_padded": chain(layers.ReLU, layers.ZeroPadding2D, lambda: maximum(3, strides=2)),
        "avg_pool": one(average, 2),
        "avg_pool_same": one(average, 3, strides=2, padding="same"),
        "avg_pool_same_1": one(average, 3, strides=1, padding="same"),
        "global_avg": one(layers.GlobalAveragePooling2D),
        "global_avg_kept": one(layers.GlobalAveragePooling2D, keepdims=True),
        "global_max": one(layers.GlobalMaxPooling2D),
        "global_max_kept": one(layers.GlobalMaxPooling2D, keepdims=True),
        "adaptive_avg": one(layers.AdaptiveAveragePooling2D, (2, 3)),
    }


def shapes():
    return {
        "zero_padding": one(layers.ZeroPadding2D, ((1, 0), (2, 1))),
        "cropping": chain(lambda: layers.Cropping2D(((1, 0), (2, 1))), conv),
        "center_crop": chain(lambda: layers.CenterCrop(6, 6), conv),
        "reshape": chain(conv, lambda: layers.Reshape((168, ))),
        "reshape_and_back": chain(layers.GlobalAveragePooling2D, lambda: layers.Reshape((1, 1, 3)),
                                  lambda: conv(kernel=1)),
        "reshape_sides": one(layers.Reshape, (4, 18, 3)),
        "permute_sides": one(layers.Permute, (2, 1, 3)),
        "permute_first": chain(conv, lambda: layers.Permute((3, 1, 2))),
        "up_sampling": one(layers.UpSampling2D),
        "up_sampling_bilinear": one(layers.UpSampling2D, interpolation="bilinear"),
        "resizing": one(layers.Resizing, 4, 6),
        "augmentation": chain(lambda: layers.RandomFlip("horizontal"), lambda: layers.RandomRotation(0.1),
                              lambda: layers.RandomZoom(0.1), lambda: layers.RandomContrast(0.1), conv),
    }


def numbers():
    return {
        "rescaling": chain(lambda: layers.Rescaling(1 / 127.5, -1), lambda: conv(padding="same")),
        "rescaling_channels": chain(lambda: layers.Rescaling([1 / 0.229, 1 / 0.224, 1 / 0.225]),
                                    lambda: conv(padding="same")),
        "normalization": chain(lambda: layers.Normalization(mean=[0.485, 0.456, 0.406],
                                                            variance=[0.052, 0.05, 0.051]),
                               lambda: conv(padding="same")),
        "channels_swapped": lambda x: conv()(x[..., ::-1]),
    }


def joins():

    def of_two(join):
        return lambda x: join()([conv(padding="same")(x), conv(kernel=1)(x)])

    result = {
        name: of_two(getattr(layers, name.capitalize()))
        for name in ("add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate")
    }
    return result | {
        "add_three": lambda x: layers.Add()([x, conv(3, padding="same")(x), conv(3, 1)(x)]),
        "concatenate_three": lambda x: layers.Concatenate()(
            [x, conv(padding="same")(x), layers.MaxPooling2D(3, 1, "same")(x)]),
        "concatenate_pooled": lambda x: layers.Concatenate()(
            [layers.GlobalAveragePooling2D()(x), layers.GlobalMaxPooling2D()(x)]),
        "concatenate_flat": lambda x: layers.Concatenate()(
            [layers.Flatten()(conv()(x)), layers.Flatten()(layers.MaxPooling2D()(x))]),
    }


def activations():
    # tf2onnx has neither TensorFlow's Erfc, for gelu, nor its Expm1, for celu.
    names = ("relu elu selu swish hard_sigmoid hard_swish sigmoid tanh softplus softsign exponential mish hard_tanh "
             "log_sigmoid linear").split()
    result = {name: one(layers.Activation, name) for name in names}
    return result | {
        "relu_6": one(layers.ReLU, 6.0),
        "relu_leaky_6": one(layers.ReLU, 6.0, negative_slope=0.1),
        "relu_threshold": one(layers.ReLU, threshold=0.5),
        "leaky_relu": one(layers.LeakyReLU, 0.1),
        "elu_half": one(layers.ELU, 0.5),
        "prelu_shared": one(layers.PReLU, shared_axes=(1, 2)),
        "prelu_whole": one(layers.PReLU),
        "gelu_tanh": lambda x: keras.activations.gelu(x, approximate=True),
        "dense_activation": chain(layers.Flatten, lambda: layers.Dense(6, activation="tanh"),
                                  lambda: layers.Dense(5, activation="selu", use_bias=False)),
        "dense_prelu": chain(layers.Flatten, lambda: layers.Dense(6), layers.PReLU),
    }


def ends():
    """Networks with a head of their own, and single layers without any."""
    flat = lambda *makers: chain(layers.Flatten, *makers)
    return {
        "softmax": flat(lambda: layers.Dense(3, activation="softmax")),
        "log_softmax": flat(lambda: layers.Dense(3, activation="log_softmax")),
        "dense_one": flat(lambda: layers.Dense(1, activation="sigmoid")),
        "dense_of_map": chain(conv, lambda: layers.Dense(3, activation="relu"), layers.GlobalAveragePooling2D),
        "conv_head": chain(lambda: conv(3, 1, activation="relu"), layers.GlobalAveragePooling2D, layers.Softmax),
        "softmax_of_map": chain(lambda: conv(3, 1), layers.Softmax, layers.GlobalAveragePooling2D),
        "bare_conv": one(conv, padding="same", strides=2),
    }


# Blocks, as keras.applications has them.


def conv_bn(x, filters, kernel=3, activation="relu", **options):
    x = conv(filters, kernel, padding="same", use_bias=False, **options)(x)
    return activated(layers.BatchNormalization()(x), activation)


def depthwise_bn(x, activation, strides=1):
    x = layers.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False)(x)
    return activated(layers.BatchNormalization()(x), activation)


def activated(x, activation):
    return layers.Activation(activation)(x) if activation else x


def residual(x, filters, strides=1):
    y = conv_bn(x, filters, strides=strides)
    y = conv_bn(y, filters, activation=None)
    if strides > 1 or x.shape[-1] != filters:
        x = conv_bn(x, filters, 1, None, strides=strides)
    return layers.ReLU()(layers.Add()([y, x]))


def preactivated(x, filters):
    y = layers.Activation("relu")(layers.BatchNormalization(epsilon=1.001e-5)(x))
    y = conv(filters, 1, use_bias=False)(y)
    y = layers.Activation("relu")(layers.BatchNormalization(epsilon=1.001e-5)(y))
    y = layers.ZeroPadding2D(1)(y)
    y = conv(filters, 3, strides=2)(y)
    return layers.Add()([layers.MaxPooling2D(1, strides=2)(x), y])


def squeeze_excite(x, inner, activation="relu", gate="sigmoid"):
    channels = x.shape[-1]
    y = layers.Reshape((1, 1, channels))(layers.GlobalAveragePooling2D()(x))
    y = conv(inner, 1, padding="same", activation=activation)(y)
    y = conv(channels, 1, padding="same", activation=gate)(y)
    return layers.multiply([x, y])


def squeeze_excite_dense(x, inner):
    channels = x.shape[-1]
    y = layers.GlobalAveragePooling2D()(x)
    y = layers.Dense(inner, activation="relu", use_bias=False)(y)
    y = layers.Dense(channels, activation="sigmoid", use_bias=False)(y)
    return layers.Multiply()([x, layers.Reshape((1, 1, channels))(y)])


def squeeze_excite_kept(x, inner):
    """Of MobileNetV3."""
    channels = x.shape[-1]
    y = layers.GlobalAveragePooling2D(keepdims=True)(x)
    y = layers.ReLU()(conv(inner, 1, padding="same")(y))
    y = conv(channels, 1, padding="same")(y)
    return layers.Multiply()([x, layers.ReLU(6.0)(y + 3.0) * (1.0 / 6.0)])


def inverted(x, activation, excite=None, strides=1):
    channels = x.shape[-1]
    y = conv_bn(x, 2 * channels, 1, activation)
    if strides > 1:
        y = layers.ZeroPadding2D(((0, 1), (0, 1)))(y)
        y = layers.DepthwiseConv2D(3, strides=strides, padding="valid", use_bias=False)(y)
        y = activated(layers.BatchNormalization()(y), activation)
    else:
        y = depthwise_bn(y, activation)
    y = excite(y) if excite else y
    y = conv_bn(y, channels, 1, None)
    return y if strides > 1 else layers.Add()([x, y])


def dense_block(x):
    y = layers.Activation("relu")(layers.BatchNormalization(epsilon=1.001e-5)(x))
    y = conv(4, 1, use_bias=False)(y)
    y = layers.Activation("relu")(layers.BatchNormalization(epsilon=1.001e-5)(y))
    return layers.Concatenate()([x, conv(2, 3, padding="same", use_bias=False)(y)])


class LayerScale(layers.Layer):
    """Of keras.applications' ConvNeXt."""

    def build(self, shape):
        self.gamma = self.add_weight(name="gamma", shape=(shape[-1], ))

    def call(self, x):
        return x * self.gamma


def convnext(x):
    channels = x.shape[-1]
    y = conv(channels, 5, padding="same", groups=channels)(x)
    y = layers.LayerNormalization(epsilon=1e-6)(y)
    y = layers.Dense(2 * channels)(y)
    y = keras.activations.gelu(y, approximate=True)  # tf2onnx lacks the exact one.
    y = LayerScale()(layers.Dense(channels)(y))
    return x + layers.Activation("linear")(y)


def inception(x):
    a = conv_bn(x, 3, 1)
    b = conv_bn(conv_bn(x, 2, 1), 3, (1, 3))
    c = conv_bn(layers.AveragePooling2D(3, strides=1, padding="same")(x), 2, 1)
    return layers.concatenate([a, b, c], axis=3)


def xception(x):
    y = layers.Activation("relu")(x)
    y = layers.SeparableConv2D(6, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    y = layers.MaxPooling2D(3, strides=2, padding="same")(y)
    return layers.add([y, conv_bn(x, 6, 1, None, strides=2)])


def head(x):
    return layers.Dense(3, activation="softmax")(layers.GlobalAveragePooling2D()(x))


def networks():
    excite = lambda x: squeeze_excite(x, 2, "swish")
    return {
        "tutorial": chain(lambda: layers.Rescaling(1 / 255), lambda: conv(padding="same", activation="relu"),
                          layers.MaxPooling2D, lambda: conv(5, 2, activation="relu"), layers.Flatten,
                          lambda: layers.Dense(6, activation="relu"), lambda: layers.Dropout(0.5),
                          lambda: layers.Dense(3)),
        "sequential": lambda x: keras.Sequential([
            conv(5, activation="tanh", padding="same"), layers.AveragePooling2D(2), layers.Flatten(),
            layers.Dense(3, activation="softmax")
        ])(x),
        "transfer": lambda x: head(base_of(lambda y: residual(y, 4, 2))(conv(3, 1)(x))),
        "resnet": lambda x: head(residual(residual(conv_bn(x, 4), 4), 6, 2)),
        "resnet_v2": lambda x: head(preactivated(conv(4, padding="same")(x), 4)),
        "mobilenet": lambda x: head(conv_bn(depthwise_bn(conv_bn(x, 4, 3, "relu6", strides=2), "relu6"), 5, 1,
                                            "relu6")),
        "mobilenet_v2": lambda x: head(inverted(inverted(conv_bn(x, 4, 3, "relu6"), "relu6"), "relu6", strides=2)),
        "mobilenet_v3": lambda x: head(
            inverted(conv_bn(layers.Rescaling(1 / 127.5, -1)(x), 4, 3, "hard_swish", strides=2), "hard_swish",
                     lambda y: squeeze_excite_kept(y, 2))),
        "efficientnet": lambda x: head(inverted(conv_bn(
            layers.Normalization(mean=[0.4, 0.5, 0.6], variance=[0.05, 0.06, 0.07])(layers.Rescaling(1 / 255)(x)), 4, 3,
            "swish"), "swish", excite)),
        "squeeze_excite_dense": lambda x: head(squeeze_excite_dense(conv_bn(x, 4), 2)),
        "densenet": lambda x: head(layers.AveragePooling2D(2)(conv(4, 1)(dense_block(dense_block(conv(
            4, padding="same")(x)))))),
        "convnext": lambda x: head(convnext(conv(4, 2, strides=2)(x))),
        "inception": lambda x: head(inception(conv_bn(x, 4))),
        "xception": lambda x: head(xception(conv_bn(x, 4))),
    }


def base_of(body):
    """A network that is a layer of another, as for transfer learning."""
    inside = keras.Input((SIZE[0], SIZE[1], 3))
    return keras.Model(inside, body(inside), name="base")


# So large that every piece of an activation is met.
WIDE = set(activations())
OWN_HEAD = set(ends()) | set(networks())
# Also in an old opset, where it changes what is written.
OPSET_9 = ("conv conv_padded max_pool_padded global_max reshape_and_back cropping zero_padding relu_6 layer_norm "
           "dense_of_map softmax log_softmax permute_first tutorial transfer resnet mobilenet_v2 mobilenet_v3 densenet")
# Also with channels first in the file.
CHANNELS_FIRST = "conv_same_stride conv_padded max_pool_same avg_pool_same bn softmax normalization resnet mobilenet_v3"
# Also by Keras' own export.
BY_KERAS = "sequential transfer mobilenet_v2 efficientnet"


def cases():
    return (convolutions() | norms() | pools() | shapes() | numbers() | joins() | activations() | ends()
            | networks())
