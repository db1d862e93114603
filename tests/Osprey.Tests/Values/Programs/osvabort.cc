// A program with the variables that the OSv kernel keeps of its end and of its messages, written from their names and
// meanings alone. It prints where they are.
#include <atomic>
#include <cstdarg>
#include <cstdio>
#include <cstring>

std::atomic<bool> aborting(false);

char debug_buffer[64];
int debug_buffer_idx = 0;
bool debug_buffer_full = false;

static void debug(const char *text)
{
    for (; *text; text++) {
        debug_buffer[debug_buffer_idx++] = *text;
        if (debug_buffer_idx == sizeof(debug_buffer)) {
            debug_buffer_idx = 0;
            debug_buffer_full = true;
        }
    }
}

void abort(const char *format, ...) __attribute__((noinline));
void abort(const char *format, ...)
{
    aborting = true;
    static char msg[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(msg, sizeof(msg), format, arguments);
    va_end(arguments);
    printf("message %p\naborting %p\nindex %p\nfull %p\n", (void *)msg, (void *)&aborting, (void *)&debug_buffer_idx,
           (void *)&debug_buffer_full);
    fflush(stdout);
    asm volatile("int3");
}

int main()
{
    debug("this line is written over by the others\n");
    debug("a line that lost its start\n");
    debug("an escape \033[2J\r\n");
    debug("the last line\n");
    abort("assertion failed: %d > %d\n", 3, 4);
}
