// SPDX-License-Identifier: BSD-3-Clause
// What the compiler may use of the processor, in a text that vectors.cmake reads from the program.
const char* const found = "vectors:"
#ifdef __AVX__
                          " AVX"
#endif
#ifdef __AVX2__
                          " AVX2"
#endif
#ifdef __FMA__
                          " FMA"
#endif
#ifdef __AVX512F__
                          " AVX512F"
#endif
#ifdef __AVX512DQ__
                          " AVX512DQ"
#endif
#ifdef __AVX512BW__
                          " AVX512BW"
#endif
#ifdef __AVX512VL__
                          " AVX512VL"
#endif
                          ".";

int main(int n, char**) { return found[n]; }
