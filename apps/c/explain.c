// SPDX-License-Identifier: MIT

/* explain PICTURE METHOD [OPTIONS]: explains the predicted class of a picture in C, and prints the map. */

#include <stdio.h>
#include <stdlib.h>

// [snippet]
#include <classifier.h> /* made by salient_add_c_library(NAME classifier ...) */

static int explain(const char* picture, const char* method, const char* options) {
  const salient_network* network = classifier_network();
  const salient_shape s = salient_input_shape(network);
  float* pixels = malloc(sizeof(float) * s.height * s.width * s.channels);
  salient_model* model = salient_open(network, NULL, NULL, "device=cpu_pool");
  salient_map* map = NULL;
  if (model && salient_read_image(network, picture, pixels) == 0)
    map = salient_explain(model, pixels, 1, NULL, method, options);
  if (map) printf("class %d, %d x %d\n", map->classes[0], map->height, map->width);
  if (!map) fprintf(stderr, "%s\n", salient_error());
  salient_free_map(map);
  salient_close(model);
  free(pixels);
  return map ? 0 : 1;
}
// [/snippet]

int main(int argc, char** argv) {
  if (argc < 3) return fprintf(stderr, "usage: explain PICTURE METHOD [OPTIONS]\n"), 2;
  return explain(argv[1], argv[2], argc > 3 ? argv[3] : NULL);
}
