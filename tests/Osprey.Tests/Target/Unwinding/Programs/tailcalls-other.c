// A way through another file, by functions that are declared only where they are called.
void second(int number);

static __attribute__((noinline)) void hidden(int number) { second(number * 3); }

__attribute__((noinline)) void other_file(int number) { hidden(number + 9); }
