# Where the program starts, where its vCPUs stand, and how it writes its memory out.
    .text
    .globl _start
    .type _start, @function
_start:
    .cfi_startproc
    .cfi_undefined rip
    lea stack+2048(%rip), %rsp
    xor %ebp, %ebp
    call run
    hlt
    .cfi_endproc
    .size _start, . - _start

    .globl stop
    .type stop, @function
stop:
    .cfi_startproc
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register rbp
    mov %rbx, saved(%rip)
    mov %rbp, saved+8(%rip)
    mov %rsp, saved+16(%rip)
    mov %r12, saved+24(%rip)
    mov %r13, saved+32(%rip)
    mov %r14, saved+40(%rip)
    mov %r15, saved+48(%rip)
    lea stopped(%rip), %rax
    mov %rax, saved+56(%rip)
    lea idle(%rip), %rax
    mov %rax, saved+64(%rip)
stopped:
    mov $1, %eax
    mov $1, %edi
    lea image_start(%rip), %rsi
    lea image_end(%rip), %rdx
    sub %rsi, %rdx
    syscall
    mov $60, %eax
    xor %edi, %edi
    syscall
    .cfi_endproc
    .size stop, . - stop

    .globl idle
    .type idle, @function
idle:
    .cfi_startproc
    .cfi_undefined rip
    pause
    jmp idle
    .cfi_endproc
    .size idle, . - idle
    .section .note.GNU-stack, "", @progbits
