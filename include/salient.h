// SPDX-License-Identifier: MIT
#ifndef SALIENT_H
#define SALIENT_H

/* The C interface of a network that was compiled in. A library that CMake's salient_add_c_library makes has
   these functions and one more, NAME_network(), which gives its network:

     salient_model* model = salient_open(digits_network(), "cnn.safetensors", NULL, "device=cpu_pool");
     salient_map* map = model ? salient_explain(model, pixels, 1, NULL, "grad_cam", "layer=features") : NULL;
     if (!map) fprintf(stderr, "%s\n", salient_error());

   A function that fails returns NULL or -1, and salient_error() says why. No C++ exception leaves a function,
   and a failure leaves a model as it was. A null pointer where none is allowed is a failure, not a crash.

   Images are float32, count x height x width x channels as salient_input_shape() says, row by row, the
   channels of a pixel side by side, red first: pixels from 0 to 1. The network's own preprocessing follows.

   Options are text: pairs name=value between spaces or commas, "steps=64, rule=midpoint". NULL and "" are
   none, and what is not named has its default value.

   A model serves one thread at a time; several threads need a model each. */

#ifdef __cplusplus
extern "C" {
#endif

typedef struct salient_network salient_network; /* static: it is never freed */
typedef struct salient_model salient_model;     /* a network with weights, on a device */

typedef struct salient_shape {
  int height, width, channels;
} salient_shape;

/* Maps of `count` images, each height x width x channels values: raw and signed. Those of a layer's method
   have the layer's height and width, the others the input's shape. */
typedef struct salient_map {
  long count;
  int height, width, channels;
  const float* values;
  const int* classes;  /* the class explained, of each image */
  const float* scores; /* its explained score */
} salient_map;

/* The version of the library, "1.0.0". */
const char* salient_version(void);

/* One line about the last failure of a function in this thread, "" if there was none. It is valid until the
   next failure in this thread. */
const char* salient_error(void);

/* Zeros on failure. */
salient_shape salient_input_shape(const salient_network* network);

/* How many classes the network tells apart; -1 on failure. */
int salient_classes(const salient_network* network);

/* The name of method `index`, such as "integrated_gradients", for an index from 0; NULL past the last. */
const char* salient_method(int index);

/* What the network lacks for a method: "" if nothing, else words that complete "needs ...". NULL for a method
   that does not exist. Valid until the thread asks again. */
const char* salient_missing(const salient_network* network, const char* method);

/* Reads a PNG or JPEG, resized and cropped as the network's input declares, or an array of NumPy's, into the
   height x width x channels values at `pixels`. Returns 0, or -1 on failure. */
int salient_read_image(const salient_network* network, const char* file, float* pixels);

/* Loads weights, a safetensors file; NULL for the file that was named when the library was made, or one of
   its name beside the library. `labels` is a text file with the name of one class on each line, or NULL for
   that which was named when the library was made, if any. Options:
     device=cpu_pool|cpu|gpu     cpu_pool by default
     threads=N                   of cpu_pool; 0, one for each processor, by default
     batch=N                     images that go through the network at a time; 1 by default
     kernels=fastest|direct|eigen, precision=float32|tf32
   NULL on failure. The model is freed by salient_close. */
salient_model* salient_open(const salient_network* network, const char* weights, const char* labels,
                            const char* options);

/* Frees a model; NULL is ignored. */
void salient_close(salient_model* model);

/* The name of a class, valid as long as the model; NULL if it is not known. */
const char* salient_class_name(const salient_model* model, int index);

/* Writes count x classes scores, before any softmax. Returns 0, or -1 on failure. */
int salient_predict(salient_model* model, const float* images, long count, float* scores);

/* Explains images by a method: one class for each, or the predicted ones for NULL. Options are the method's
   own, of which salient_method_options() tells, and
     score=logit|probability|cross_entropy; by default probability for rise, logit for the others
     layer=PATH    for a method that looks at a layer, its module path, such as layer4.1; by default the last
                   feature map that every path crosses. The first that is named loads the weights again, for
                   all layers are kept from then on
   NULL on failure. The result is freed by salient_free_map. */
salient_map* salient_explain(salient_model* model, const float* images, long count, const int* classes,
                             const char* method, const char* options);

/* Frees maps; NULL is ignored. */
void salient_free_map(salient_map* map);

/* The method's own options, a line for each: its name, default, accepted values and meaning, between tabs.
   The default is empty where the method chooses. Valid until the thread's next call; NULL for a method that
   does not exist. */
const char* salient_method_options(const char* method);

#ifdef __cplusplus
}
#endif

#endif
