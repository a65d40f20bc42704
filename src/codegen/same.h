/* Whether two kernels are the same code on other buffers. */
#ifndef SAME_H
#define SAME_H

#include "plan.h"

bool kernel_same(const Kernel *a, const Kernel *b);

#endif
