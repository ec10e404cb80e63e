// SPDX-License-Identifier: MIT
// A program that does nothing, or only counts GPUs: what the second weighs more is NVIDIA's runtime.
#ifdef WITH_RUNTIME
#include <cuda_runtime_api.h>

int main() {
  int count = 0;
  return cudaGetDeviceCount(&count);
}
#else
int main() {}
#endif
