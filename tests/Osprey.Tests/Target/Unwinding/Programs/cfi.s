# Call frame information that compilers do not write.
        .text

# CFA by an expression: a pointer to the frame is kept in memory.
        .globl cfa_expression
        .type cfa_expression, @function
cfa_expression:
        .cfi_startproc
        lea     8(%rsp), %rax
        push    %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_offset rbx, -16
        sub     $64, %rsp
        mov     %rax, 24(%rsp)
        # DW_CFA_def_cfa_expression: breg7 24, deref
        .cfi_escape 0x0f, 3, 0x77, 24, 0x06
        mov     $0x1234, %ebx
        # DW_CFA_expression rbx: (CFA on the stack) lit16, minus
        .cfi_escape 0x10, 3, 2, 0x40, 0x1c
        call    *%rdi
        add     $64, %rsp
        .cfi_def_cfa rsp, 16
        .cfi_offset rbx, -16
        pop     %rbx
        .cfi_def_cfa_offset 8
        .cfi_restore rbx
        ret
        .cfi_endproc
        .size cfa_expression, . - cfa_expression

# What an interrupt does: another stack, with the interrupted state on it. The CFA is not the caller's stack pointer.
        .globl cfa_interrupt
        .type cfa_interrupt, @function
cfa_interrupt:
        .cfi_startproc
        mov     %rsp, %rax
        mov     %rsi, %rsp
        .cfi_def_cfa rax, 8
        push    $0              # ss
        push    %rax            # rsp
        push    $0x202          # rflags
        push    $0x33           # cs
        lea     .Linterrupted(%rip), %rdx
        push    %rdx            # rip
        push    $0              # error code
        push    %rbp
        push    %rbx
        mov     $0x77, %ebp
        mov     $0x88, %ebx
        jmp     .Lhandler
        .cfi_def_cfa rsp, 8
.Linterrupted:
        ret
        .cfi_endproc
        .size cfa_interrupt, . - cfa_interrupt

        .type interrupt_handler, @function
interrupt_handler:
        .cfi_startproc simple
        .cfi_signal_frame
        .cfi_def_cfa rsp, 16    # the slot of the error code
        .cfi_offset rip, 8
        .cfi_offset rsp, 32
        .cfi_offset rbp, -8
        .cfi_offset rbx, -16
.Lhandler:
        call    *%rdi
        pop     %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbx
        pop     %rbp
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbp
        mov     32(%rsp), %rsp
        .cfi_undefined rip
        ret
        .cfi_endproc
        .size interrupt_handler, . - interrupt_handler

# Values by expressions: the caller's rbx is computed, rsp too.
        .globl cfa_value_expression
        .type cfa_value_expression, @function
cfa_value_expression:
        .cfi_startproc
        push    %rbx
        .cfi_adjust_cfa_offset 8
        xor     $0x5a, %rbx
        # DW_CFA_val_expression rbx: breg3 0, const1u 0x5a, xor
        .cfi_escape 0x16, 3, 5, 0x73, 0, 0x08, 0x5a, 0x27
        # DW_CFA_val_expression rsp: (CFA on the stack) nop
        .cfi_escape 0x16, 7, 1, 0x96
        push    %r12
        .cfi_adjust_cfa_offset 8
        .cfi_offset r12, -24
        .cfi_remember_state
        sub     $8, %rsp
        .cfi_adjust_cfa_offset 8
        mov     $0x99, %r12d
        call    *%rdi
        add     $8, %rsp
        .cfi_restore_state
        pop     %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore r12
        pop     %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore rbx
        .cfi_restore rsp
        ret
        .cfi_endproc
        .size cfa_value_expression, . - cfa_value_expression

# Registers in registers.
        .globl cfa_registers
        .type cfa_registers, @function
cfa_registers:
        .cfi_startproc
        push    %r12
        .cfi_adjust_cfa_offset 8
        .cfi_offset r12, -16
        mov     %rbx, %r12
        .cfi_register rbx, r12
        mov     $0x42, %ebx
        sub     $8, %rsp
        .cfi_adjust_cfa_offset 8
        call    *%rdi
        add     $8, %rsp
        .cfi_adjust_cfa_offset -8
        mov     %r12, %rbx
        .cfi_restore rbx
        pop     %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore r12
        ret
        .cfi_endproc
        .size cfa_registers, . - cfa_registers

        .section .note.GNU-stack, "", @progbits
