/* What the library was built from: so that one older than its sources is not used. */

#include "kernel.h"

#ifndef FINGERPRINT
#define FINGERPRINT ""
#endif

EXPORT const char *fingerprint(void) { return FINGERPRINT; }
