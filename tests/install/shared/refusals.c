// SPDX-License-Identifier: MIT

/* refusals WEIGHTS: what the C interface must refuse, and what must work after a refusal. Run under valgrind
   or a sanitizer it shows that nothing leaks. */

#include <classifier.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static int failures = 0;

/* A call has failed, for a reason with these words. */
static void refused(int failed, const char* words, int line) {
  if (failed && strstr(salient_error(), words)) return;
  printf("line %d: %s, and the error is '%s', not '%s'\n", line, failed ? "refused" : "accepted",
         salient_error(), words);
  ++failures;
}
#define REFUSED(failed, words) refused((failed), (words), __LINE__)

static void expect(int holds, int line) {
  if (holds) return;
  printf("line %d: does not hold; the last error is '%s'\n", line, salient_error());
  ++failures;
}
#define EXPECT(holds) expect((holds), __LINE__)

static void refuse_opening(const salient_network* n, const char* weights) {
  REFUSED(!salient_open(NULL, weights, NULL, NULL), "network is a null pointer");
  REFUSED(!salient_open(n, "absent.safetensors", NULL, NULL), "absent.safetensors");
  REFUSED(!salient_open(n, weights, weights, NULL), "");
  REFUSED(!salient_open(n, weights, NULL, "device=tpu"), "one of cpu|cpu_pool|gpu, got 'tpu'");
  REFUSED(!salient_open(n, weights, NULL, "device=cpu threads=2"), "threads needs device=cpu_pool");
  REFUSED(!salient_open(n, weights, NULL, "batch=0"), "batch must be a whole number");
  REFUSED(!salient_open(n, weights, NULL, "batch=2 batch=2"), "occurs twice");
  REFUSED(!salient_open(n, weights, NULL, "quickly"), "is no name=value");
  REFUSED(!salient_open(n, weights, NULL, "steps=3"), "there is no 'steps'");
  REFUSED(salient_classes(NULL) == -1, "null pointer");
  REFUSED(salient_input_shape(NULL).height == 0, "null pointer");
  REFUSED(!salient_missing(n, "astrology"), "there is no method 'astrology'");
  REFUSED(!salient_method_options(NULL), "method is a null pointer");
  float pixels[16 * 16 * 3];
  REFUSED(salient_read_image(n, "absent.png", pixels) == -1, "absent.png");
  REFUSED(salient_read_image(n, weights, NULL) == -1, "pixels is a null pointer");
}

/* Whether the method explains the images. */
static int explains(salient_model* m, const float* images, long count, const int* classes, const char* method,
                    const char* options) {
  salient_map* map = salient_explain(m, images, count, classes, method, options);
  const int found = map != NULL;
  salient_free_map(map);
  return found;
}

static void refuse_questions(salient_model* m, float* images) {
  const int none[] = {2, 0}, good[] = {1, 0};
  float scores[4];
  REFUSED(salient_predict(NULL, images, 1, scores) == -1, "model is a null pointer");
  REFUSED(salient_predict(m, NULL, 1, scores) == -1, "images is a null pointer");
  REFUSED(salient_predict(m, images, 1, NULL) == -1, "scores is a null pointer");
  REFUSED(salient_predict(m, images, 0, scores) == -1, "count must be at least 1");
  REFUSED(!explains(m, images, -1, NULL, "gradients", NULL), "count must be at least 1");
  REFUSED(!explains(m, images, 2, none, "gradients", NULL), "class 2 of image 0 is out of range");
  REFUSED(!explains(m, images, 1, NULL, NULL, NULL), "method is a null pointer");
  REFUSED(!explains(m, images, 1, NULL, "astrology", NULL), "there is no method 'astrology'");
  REFUSED(!explains(m, images, 1, NULL, "gradients", "steps=3"), "gradients has no 'steps', but score");
  REFUSED(!explains(m, images, 1, NULL, "integrated_gradients", "steps=many"),
          "steps must be a whole number");
  REFUSED(!explains(m, images, 1, NULL, "integrated_gradients", "rule=guess"), "rule must be one of ");
  REFUSED(!explains(m, images, 1, NULL, "grad_cam", "relu=perhaps"), "relu must be true or false");
  REFUSED(!explains(m, images, 1, NULL, "grad_cam", "layer=nowhere"), "nowhere");
  REFUSED(!salient_class_name(m, 2), "out of range");
  images[5] = NAN;
  REFUSED(!explains(m, images, 1, NULL, "gradients", NULL), "finite");
  images[5] = 0;
  EXPECT(explains(m, images, 2, good, "gradients", ""));
  EXPECT(explains(m, images, 2, NULL, "grad_cam", "relu=false, layer=1 score=probability"));
  EXPECT(explains(m, images, 2, NULL, "grad_cam", NULL));
  EXPECT(salient_predict(m, images, 2, scores) == 0);
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const salient_network* n = classifier_network();
  EXPECT(salient_error()[0] == '\0');
  EXPECT(salient_classes(n) == 2);
  EXPECT(salient_input_shape(n).width == 16);
  EXPECT(salient_missing(n, "grad_cam") && salient_missing(n, "grad_cam")[0] == '\0');
  EXPECT(salient_method(-1) == NULL && salient_method(1000) == NULL);
  EXPECT(strstr(salient_method_options("grad_cam"), "relu\ttrue\ttrue or false\tfalse: ") != NULL);
  refuse_opening(n, argv[1]);
  salient_model* m = salient_open(n, argv[1], NULL, "device=cpu batch=2");
  EXPECT(m != NULL);
  if (!m) return 1;
  EXPECT(strcmp(salient_class_name(m, 1), "dog, hound") == 0);
  static float images[2 * 16 * 16 * 3];
  for (size_t i = 0; i < sizeof images / sizeof *images; ++i) images[i] = (float)(i % 7) / 7;
  refuse_questions(m, images);
  salient_close(m);
  salient_close(NULL);
  salient_free_map(NULL);
  if (failures == 0) puts("refused all that is bad");
  return failures != 0;
}
