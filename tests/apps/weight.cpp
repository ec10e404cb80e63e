// SPDX-License-Identifier: MIT
// Does nothing, or only counts GPUs: the difference in size is that of NVIDIA's runtime.
#ifdef WITH_RUNTIME
#include <cuda_runtime_api.h>

int main() {
  int count = 0;
  return cudaGetDeviceCount(&count);
}
#else
int main() {}
#endif
