#include "shapes.hh"

namespace lab {

struct hidden {
    int found;
    hidden *next;
    inner value;
};

static int same_name = 200;
static hidden the_one;
extern "C" char end_of_all[] __asm__("_end");

hidden *make_hidden()
{
    the_one.found = same_name++ + count_calls() + (end_of_all != nullptr);
    return &the_one;
}

}
