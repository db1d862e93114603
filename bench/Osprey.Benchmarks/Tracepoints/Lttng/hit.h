/* The tracepoint of LTTng's benchmark. */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER osprey_bench
#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "./hit.h"
#if !defined(OSPREY_BENCH_HIT_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define OSPREY_BENCH_HIT_H
#include <lttng/tracepoint.h>
LTTNG_UST_TRACEPOINT_EVENT(
    osprey_bench, hit,
    LTTNG_UST_TP_ARGS(int, number, int, sum),
    LTTNG_UST_TP_FIELDS(
        lttng_ust_field_integer(int, number, number)
        lttng_ust_field_integer(int, sum, sum)))
#endif
#include <lttng/tracepoint-event.h>
