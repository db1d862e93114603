using System.Text;
using Osprey.Probes.Notes;
using Osprey.Probes.Operands;
using Osprey.Probes.Values;

namespace Osprey.Tests.Probes.Values;

/// <summary>Tests the values of arguments.</summary>
public sealed class ArgumentEvaluatorTests
{
    private const ulong Start = 0x5000;

    private static readonly byte[] s_memory =
    [
        0xfe,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        0xff,
        .. BitConverter.GetBytes(1.25f),
        .. BitConverter.GetBytes(-0.5),
        0x80,
    ];

    [Theory]
    [InlineData("8@%rdi", "1311768467463790320")]
    [InlineData("4@%edi", "2596069104")]
    [InlineData("-4@%edi", "-1698898192")]
    [InlineData("2@%di", "57072")]
    [InlineData("-2@%di", "-8464")]
    [InlineData("1@%dil", "240")]
    [InlineData("-1@%dil", "-16")]
    [InlineData("1@%ah", "2")]
    [InlineData("%rdi", "1311768467463790320")]
    [InlineData("4@$-1", "4294967295")]
    [InlineData("-4@$-1", "-1")]
    [InlineData("-8@(%rbx)", "-2")]
    [InlineData("8@(%rbx)", "-2")]
    [InlineData("4@(%rbx)", "4294967294")]
    [InlineData("-1@20(%rbx)", "-128")]
    [InlineData("1@(%rbx,%rcx,4)", "128")]
    [InlineData("1@%fs:20", "128")]
    [InlineData("1@20+s(%rip)", "128")]
    [InlineData("4f@8(%rbx)", "1.25")]
    [InlineData("8f@12(%rbx)", "-0.5")]
    [InlineData("8f@%xmm0", "2.5")]
    [InlineData("8@%rsi", "its register is not known")]
    [InlineData("8f@%xmm1", "its vector register is not known")]
    [InlineData("8@(%rsi)", "a register of its address is not known")]
    [InlineData("8@(%rbx,%rsi)", "a register of its address is not known")]
    [InlineData("8@%gs:0", "the base of segment gs is not known")]
    [InlineData("8@16(%rbx)", "there is no memory at 0x5010")]
    [InlineData("8@-16(%rbx)", "there is no memory at 0x4ff0")]
    [InlineData("16@(%rbx)", "a value of 16 bytes is not understood")]
    [InlineData("8@%nonsense", "its operand is not understood")]
    public void Evaluate_GivesTheValueOrTheReason(string text, string expected)
    {
        var state = new FakeState(Start, s_memory);
        state.Registers[5] = 0x123456789abcdef0;
        state.Registers[0] = 0x0201;
        state.Registers[3] = Start;
        state.Registers[2] = 5;
        ProbeArgument argument = Assert.Single(ArgumentParser.Parse(text, ProbeMachine.X64));
        Assert.Equal(expected, Describe(ArgumentEvaluator.Evaluate(argument, state, symbolAddress: Start)));
    }

    [Fact]
    public void Evaluate_OfASymbolThatIsNotKnown_SaysSo()
    {
        ProbeArgument argument = Assert.Single(ArgumentParser.Parse("8@s(%rip)", ProbeMachine.X64));
        Assert.Equal(
            "the address of s is not known",
            ArgumentEvaluator.Evaluate(argument, new FakeState(Start, s_memory)).Problem
        );
    }

    [Theory]
    [InlineData("4@[x1, w2, sxtw 2]", 0x5014)]
    [InlineData("4@[x1, w2, uxtw 2]", 0x400005014)]
    [InlineData("4@[x1, x2]", 0x5017)]
    public void Evaluate_OnArm64_WidensTheIndex(string text, long missing)
    {
        var state = new FakeState(0, []);
        state.Registers[1] = 0x5018;
        state.Registers[2] = ulong.MaxValue;
        ProbeArgument argument = Assert.Single(ArgumentParser.Parse(text, ProbeMachine.Arm64));
        Assert.Equal($"there is no memory at 0x{missing:x}", ArgumentEvaluator.Evaluate(argument, state).Problem);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(1500)]
    [InlineData(4095)]
    public void ReadText_EndsAtTheNul(int length)
    {
        string text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        var state = new FakeState(0x1ff0, [.. Encoding.ASCII.GetBytes(text), 0, 1, 2]);
        Assert.Equal(text, Encoding.ASCII.GetString(ArgumentEvaluator.ReadText(state, 0x1ff0, out bool isCut)!));
        Assert.False(isCut);
    }

    [Fact]
    public void ReadText_WithoutANul_IsCut()
    {
        var state = new FakeState(Start, [.. Enumerable.Repeat((byte)'x', 10_000)]);
        Assert.Equal(4096, ArgumentEvaluator.ReadText(state, Start, out bool isCut)!.Length);
        Assert.True(isCut);
        Assert.Equal(100, ArgumentEvaluator.ReadText(state, Start + 9900, out isCut)!.Length);
        Assert.True(isCut);
        Assert.Null(ArgumentEvaluator.ReadText(state, Start + 10_000, out _));
        Assert.Null(ArgumentEvaluator.ReadText(state, 0, out _));
    }

    [Theory]
    [InlineData("SELECT 1", true)]
    [InlineData("zwei Wörter\n", true)]
    [InlineData("x", false)]
    [InlineData("", false)]
    [InlineData("a\u0001b", false)]
    public void IsClear_OnText(string text, bool expected) =>
        Assert.Equal(expected, ProbeText.IsClear(Encoding.UTF8.GetBytes(text), isCut: false));

    [Fact]
    public void IsClear_OnOtherBytes_IsFalse_ButACutCharacterIsText()
    {
        Assert.False(ProbeText.IsClear([0x41, 0x42, 0xc3], isCut: false));
        Assert.True(ProbeText.IsClear([0x41, 0x42, 0xc3], isCut: true));
        Assert.False(ProbeText.IsClear([0xff, 0xfe, 0x41], isCut: true));
    }

    [Fact]
    public void Quote_EscapesWhatATerminalWouldFollow()
    {
        byte[] bytes = [.. "a\"b\\\t\n\u001b[31m\u202eö"u8, 0xff];
        Assert.Equal("\"a\\\"b\\\\\\t\\n\\x1b[31m\\u{202e}ö\\xff\"...", ProbeText.Quote(bytes, isCut: true));
    }

    private static string Describe(in ProbeValue value) =>
        value.Kind switch
        {
            ProbeValueKind.Integer => $"{value.Bits}",
            ProbeValueKind.Number => FormattableString.Invariant($"{value.Number}"),
            _ => value.Problem!,
        };
}
