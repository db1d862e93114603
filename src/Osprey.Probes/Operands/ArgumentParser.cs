using System.Globalization;
using Osprey.Probes.Notes;

namespace Osprey.Probes.Operands;

// The assembler prints what the compiler chose for each argument, by the rules of the processor's assembly language.
// In front is the size, negative for a number with a sign, with an "f" behind it for a floating-point number, and "@".
// Old files (of SystemTap before 1.5) have operands alone. Blanks separate arguments, but are also in operands of
// AArch64 ("8@[sp, 16]"), so that brackets are counted. What is not understood is kept as text and said to be unknown.

/// <summary>Reads the text of a note's arguments.</summary>
public static class ArgumentParser
{
    /// <summary>Most arguments that are read. The macros of sys/sdt.h take 12.</summary>
    public const int MaxArguments = 64;

    /// <summary>Reads the arguments; those that are not understood have an operand that says so.</summary>
    /// <param name="text">Such as <c>8@%rdi -4@%esi</c>.</param>
    /// <param name="machine">The file's processor.</param>
    public static IReadOnlyList<ProbeArgument> Parse(string text, ProbeMachine machine)
    {
        var arguments = new List<ProbeArgument>();
        int start = -1;
        int depth = 0;
        for (int i = 0; i <= text.Length && arguments.Count < MaxArguments; i++)
        {
            char c = i < text.Length ? text[i] : ' ';
            depth +=
                c is '(' or '[' ? 1
                : c is ')' or ']' ? -1
                : 0;
            bool isBlank = c is ' ' or '\t' && (depth <= 0 || i == text.Length);
            if (!isBlank)
            {
                start = start < 0 ? i : start;
                continue;
            }

            depth = 0;
            if (start >= 0)
                arguments.Add(ParseOne(text[start..i], machine));

            start = -1;
        }

        return arguments;
    }

    private static ProbeArgument ParseOne(string text, ProbeMachine machine)
    {
        int at = text.IndexOf('@');
        if (at < 0)
            return new ProbeArgument(text, 0, IsSigned: false, IsFloating: false, ParseOperand(text, machine));

        ReadOnlySpan<char> size = text.AsSpan(0, at);
        bool isFloating = size.EndsWith("f");
        if (isFloating)
            size = size[..^1];

        bool isKnown = int.TryParse(size, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int bytes);
        bool isSize = isKnown && Math.Abs((long)bytes) is 1 or 2 or 4 or 8 or 10 or 16;
        return isSize
            ? new ProbeArgument(
                text,
                Math.Abs(bytes),
                bytes < 0 && !isFloating,
                isFloating,
                ParseOperand(text[(at + 1)..], machine)
            )
            : new ProbeArgument(text, 0, IsSigned: false, isFloating, new ProbeOperand.Unknown());
    }

    private static ProbeOperand ParseOperand(string text, ProbeMachine machine) =>
        machine switch
        {
            ProbeMachine.X64 or ProbeMachine.X86 => X86OperandParser.Parse(text, machine == ProbeMachine.X64),
            ProbeMachine.Arm64 => Arm64OperandParser.Parse(text),
            _ => null,
        } ?? new ProbeOperand.Unknown();
}
