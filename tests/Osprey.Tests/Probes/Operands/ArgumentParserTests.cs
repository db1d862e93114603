using Osprey.Probes.Notes;
using Osprey.Probes.Operands;

namespace Osprey.Tests.Probes.Operands;

/// <summary>Tests the operands of all processors, each with what it is read as.</summary>
public sealed class ArgumentParserTests
{
    [Theory]
    [InlineData("8@%rdi", "uint64_t r5/8")]
    [InlineData("-4@%esi", "int32_t r4/4")]
    [InlineData("2@%ax", "uint16_t r0/2")]
    [InlineData("1@%al", "uint8_t r0/1")]
    [InlineData("-1@%ah", "int8_t r0/1<8")]
    [InlineData("1@%bh", "uint8_t r3/1<8")]
    [InlineData("1@%sil", "uint8_t r4/1")]
    [InlineData("1@%bpl", "uint8_t r6/1")]
    [InlineData("8@%r8", "uint64_t r8/8")]
    [InlineData("4@%r15d", "uint32_t r15/4")]
    [InlineData("2@%r9w", "uint16_t r9/2")]
    [InlineData("1@%r10b", "uint8_t r10/1")]
    [InlineData("8f@%xmm0", "double r17/16")]
    [InlineData("4f@%xmm15", "float r32/16")]
    [InlineData("4@$5", "uint32_t 5")]
    [InlineData("-8@$-1", "int64_t -1")]
    [InlineData("8@$0xffffffffffffffff", "uint64_t -1")]
    [InlineData("8@(%rdi)", "uint64_t [0 r5]")]
    [InlineData("-4@-20(%rbp)", "int32_t [-20 r6]")]
    [InlineData("8@0x10(%rsp)", "uint64_t [16 r7]")]
    [InlineData("8@8(%rax,%rbx,4)", "uint64_t [8 r0 r3*4]")]
    [InlineData("8@(,%rbx,8)", "uint64_t [0 r3*8]")]
    [InlineData("8@(%rax,%rbx)", "uint64_t [0 r0 r3*1]")]
    [InlineData("8@foo(%rip)", "uint64_t [0 r16 foo]")]
    [InlineData("8@foo+4(%rip)", "uint64_t [4 r16 foo]")]
    [InlineData("8@24+foo(%rip)", "uint64_t [24 r16 foo]")]
    [InlineData("8@foo-8(%rip)", "uint64_t [-8 r16 foo]")]
    [InlineData("8@_ZN3fooE.isra.0(%rip)", "uint64_t [0 r16 _ZN3fooE.isra.0]")]
    [InlineData("4@table(,%rax,4)", "uint32_t [0 r0*4 table]")]
    [InlineData("4@%fs:-8", "uint32_t [-8 fs]")]
    [InlineData("8@%gs:16(%rax)", "uint64_t [16 r0 gs]")]
    [InlineData("%rax", "? r0/8")]
    [InlineData("16@%xmm1", "uint128_t r18/16")]
    [InlineData("8@%rdx,", "uint64_t unknown")]
    [InlineData("3@%rdx", "? unknown")]
    [InlineData("99999999999@%rdx", "? unknown")]
    [InlineData("@%rdx", "? unknown")]
    [InlineData("8@", "uint64_t unknown")]
    [InlineData("8@$", "uint64_t unknown")]
    [InlineData("8@$x", "uint64_t unknown")]
    [InlineData("8@%nope", "uint64_t unknown")]
    [InlineData("8@%xmm16", "uint64_t unknown")]
    [InlineData("8@%r16", "uint64_t unknown")]
    [InlineData("8@4096", "uint64_t unknown")]
    [InlineData("8@(%rax,%rbx,3)", "uint64_t unknown")]
    [InlineData("8@(%eax)", "uint64_t unknown")]
    [InlineData("8@(%ax)", "uint64_t unknown")]
    [InlineData("8@()", "uint64_t unknown")]
    [InlineData("8@8(%rax", "uint64_t unknown")]
    [InlineData("8@a+b(%rip)", "uint64_t unknown")]
    public void Parse_OnX64(string text, string expected) => Check(text, ProbeMachine.X64, expected);

    [Theory]
    [InlineData("4@%eax", "uint32_t r0/4")]
    [InlineData("4@%ecx", "uint32_t r1/4")]
    [InlineData("4@%esi", "uint32_t r6/4")]
    [InlineData("1@%dh", "uint8_t r2/1<8")]
    [InlineData("-4@8(%ebp)", "int32_t [8 r5]")]
    [InlineData("4@(%esp,%ecx,2)", "uint32_t [0 r4 r1*2]")]
    [InlineData("8f@%xmm7", "double r28/16")]
    [InlineData("4@%rax", "uint32_t unknown")]
    [InlineData("1@%sil", "uint8_t unknown")]
    [InlineData("4@foo(%rip)", "uint32_t unknown")]
    public void Parse_On32BitX86(string text, string expected) => Check(text, ProbeMachine.X86, expected);

    [Theory]
    [InlineData("8@x0", "uint64_t r0/8")]
    [InlineData("-4@w30", "int32_t r30/4")]
    [InlineData("8@sp", "uint64_t r31/8")]
    [InlineData("8@xzr", "uint64_t 0")]
    [InlineData("4@wzr", "uint32_t 0")]
    [InlineData("4@123", "uint32_t 123")]
    [InlineData("-4@-5", "int32_t -5")]
    [InlineData("4@#7", "uint32_t 7")]
    [InlineData("8@[x1]", "uint64_t [0 r1]")]
    [InlineData("8@[sp, 16]", "uint64_t [16 r31]")]
    [InlineData("8@[x29, #-8]", "uint64_t [-8 r29]")]
    [InlineData("8@[x1, x2]", "uint64_t [0 r1 r2*1]")]
    [InlineData("8@[x1, x2, lsl 3]", "uint64_t [0 r1 r2*8]")]
    [InlineData("4@[x1, w2, sxtw 2]", "uint32_t [0 r1 r2*4 Signed32]")]
    [InlineData("4@[x1, w2, uxtw]", "uint32_t [0 r1 r2*1 Unsigned32]")]
    [InlineData("8f@d0", "double r64/8")]
    [InlineData("4f@s31", "float r95/4")]
    [InlineData("8@[x0, #:lo12:foo]", "uint64_t unknown")]
    [InlineData("8@x31", "uint64_t unknown")]
    [InlineData("8@[w1]", "uint64_t unknown")]
    [InlineData("8@[x1", "uint64_t unknown")]
    [InlineData("8@[x1, x2, lsl 9]", "uint64_t unknown")]
    [InlineData("8@[x1, x2, lsl]", "uint64_t unknown")]
    [InlineData("8@[]", "uint64_t unknown")]
    public void Parse_OnArm64(string text, string expected) => Check(text, ProbeMachine.Arm64, expected);

    [Theory]
    [InlineData("8@%rdi -4@%esi 8@%rax", 3)]
    [InlineData("  8@%rdi\t4@8( %rax, %rbx ) ", 2)]
    [InlineData("", 0)]
    [InlineData("8@(%rdi 4@%eax", 1)]
    public void Parse_SplitsAtBlanksOutsideOfBrackets(string text, int count) =>
        Assert.Equal(count, ArgumentParser.Parse(text, ProbeMachine.X64).Count);

    [Fact]
    public void Parse_OnAnotherProcessor_KeepsTextAndSize()
    {
        ProbeArgument argument = Assert.Single(ArgumentParser.Parse("-8@%r3", ProbeMachine.Unknown));
        Assert.Equal((8, true, "%r3"), (argument.Size, argument.IsSigned, argument.OperandText));
        Assert.IsType<ProbeOperand.Unknown>(argument.Operand);
    }

    [Fact]
    public void Parse_OfAnyText_NeverFails()
    {
        const string Letters = "8-4@%$()[],rxw0123456789abcdisp+ f:#\t";
        var random = new Random(17);
        int understood = 0;
        for (int round = 0; round < 100_000; round++)
        {
            string text = string.Concat(
                Enumerable.Range(0, random.Next(20)).Select(_ => Letters[random.Next(Letters.Length)])
            );
            foreach (ProbeMachine machine in Enum.GetValues<ProbeMachine>())
                understood += ArgumentParser.Parse(text, machine).Count(a => a.Operand is not ProbeOperand.Unknown);
        }

        Assert.True(understood > 100);
        Assert.Equal(
            64,
            ArgumentParser.Parse(string.Concat(Enumerable.Repeat("4@%eax ", 1000)), ProbeMachine.X64).Count
        );
    }

    private static void Check(string text, ProbeMachine machine, string expected)
    {
        ProbeArgument argument = Assert.Single(ArgumentParser.Parse(text, machine));
        Assert.Equal(text, argument.Text);
        Assert.Equal(expected, $"{argument.TypeName ?? "?"} {Describe(argument.Operand)}");
    }

    private static string Describe(ProbeOperand operand) =>
        operand switch
        {
            ProbeOperand.Register register =>
                $"r{register.Number}/{register.Size}{(register.Shift > 0 ? $"<{register.Shift}" : "")}",
            ProbeOperand.Immediate immediate => $"{immediate.Value}",
            ProbeOperand.Memory memory => $"[{memory.Displacement}"
                + (memory.Base >= 0 ? $" r{memory.Base}" : "")
                + (memory.Index >= 0 ? $" r{memory.Index}*{memory.Scale}" : "")
                + (memory.Symbol is null ? "" : $" {memory.Symbol}")
                + (memory.Segment is null ? "" : $" {memory.Segment}")
                + (memory.Extension == IndexExtension.None ? "" : $" {memory.Extension}")
                + "]",
            _ => "unknown",
        };
}
