/* Classifies a picture with a compiled network: no framework, no allocation but one workspace.
 *
 *     kmodel build ../mnist/mnist.kmodel --emit lib -o mnist
 *     cc main.c libmnist.a -pthread -o embed && ./embed
 */
#include "mnist.h"

#include <stdio.h>
#include <stdlib.h>

/* A 7, drawn by hand: '#' is white on the black background that the network was trained on. */
static const char *const drawing[28] = {
    "", "", "", "", "", "", "",
    "      ################",
    "      #################",
    "      #################",
    "                   ####",
    "                  ####",
    "                 ####",
    "                ####",
    "                ####",
    "               ####",
    "               ####",
    "              ####",
    "              ####",
    "             ####",
    "             ####",
    "            ####",
    "            ####",
    "           ####",
    "           ####",
    "", "", "",
};

static void draw(float *pixels) {
    for (int y = 0; y < 28; y++)
        for (int x = 0; drawing[y][x]; x++)
            pixels[y * 28 + x] = drawing[y][x] == '#' ? 255 : 0;
}

static int greatest(const float *values, int n) {
    int best = 0;
    for (int i = 1; i < n; i++)
        if (values[i] > values[best])
            best = i;
    return best;
}

int main(void) {
    const char *missing = mnist_cpu_missing();
    if (missing) {
        fprintf(stderr, "this CPU lacks %s\n", missing);
        return 1;
    }
    float pixels[MNIST_INPUT] = {0}, probabilities[MNIST_OUTPUT];
    void *workspace = aligned_alloc(64, mnist_workspace_size(1));
    if (!workspace)
        return 1;
    draw(pixels);
    mnist_predict(pixels, probabilities, 1, workspace);
    int digit = greatest(probabilities, MNIST_OUTPUT);
    printf("%d, probability %.3f\n", digit, probabilities[digit]);
    free(workspace);
    return 0;
}
