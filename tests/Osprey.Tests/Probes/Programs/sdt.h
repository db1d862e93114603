/* Static probes as <sys/sdt.h> lays them out, for programs of tests: written from the description of the notes, so
 * that no package is needed. One statement puts a NOP into the code and a note that says where it is. */
#ifndef PROBES_SDT_H
#define PROBES_SDT_H

#ifdef __LP64__
#define SDT_ADDRESS ".8byte"
#else
#define SDT_ADDRESS ".4byte"
#endif

#define SDT_NOTE(provider, name, semaphore, arguments)                      \
    "990: nop\n"                                                            \
    ".pushsection .note.stapsdt,\"?\",\"note\"\n"                           \
    ".balign 4\n"                                                           \
    ".4byte 992f-991f, 994f-993f, 3\n"                                      \
    "991: .asciz \"stapsdt\"\n"                                             \
    "992: .balign 4\n"                                                      \
    "993: " SDT_ADDRESS " 990b\n" SDT_ADDRESS " _.stapsdt.base\n"           \
    SDT_ADDRESS " " semaphore "\n"                                          \
    ".asciz \"" provider "\"\n"                                             \
    ".asciz \"" name "\"\n"                                                 \
    ".asciz \"" arguments "\"\n"                                            \
    "994: .balign 4\n"                                                      \
    ".popsection\n"                                                         \
    ".ifndef _.stapsdt.base\n"                                              \
    ".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n" \
    ".weak _.stapsdt.base\n"                                                \
    ".hidden _.stapsdt.base\n"                                              \
    "_.stapsdt.base: .space 1\n"                                            \
    ".size _.stapsdt.base, 1\n"                                             \
    ".popsection\n"                                                         \
    ".endif\n"

/* A semaphore is a counter in the section ".probes". */
#define SDT_SEMAPHORE(name) unsigned short volatile name __attribute__((section(".probes"), used))
#define SDT_ENABLED(name) __builtin_expect(name, 0)

#define SDT0(provider, name) __asm__ volatile(SDT_NOTE(provider, name, "0", ""))
#define SDT(provider, name, arguments, ...) __asm__ volatile(SDT_NOTE(provider, name, "0", arguments) : : __VA_ARGS__)
#define SDT_GUARDED(provider, name, semaphore, arguments, ...) \
    __asm__ volatile(SDT_NOTE(provider, name, #semaphore, arguments) : : __VA_ARGS__)

#endif
