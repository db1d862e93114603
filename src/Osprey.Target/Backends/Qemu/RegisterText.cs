using System.Buffers;
using System.Globalization;
using Osprey.Binary;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.Target.Backends.Qemu;

/// <summary>Reads what QEMU's monitor command <c>info registers</c> prints of x86 vCPUs.</summary>
/// <remarks>
/// QEMU prints a vCPU in the mode that it is in: RAX to R15 in 64-bit code, EAX to EDI otherwise; the upper halves are
/// then not in the text and count as zero. The base of fs and gs is the second column of their segment rows. CR8 and
/// the base that swapgs takes are never printed, so they stay unknown.
/// </remarks>
internal static class RegisterText
{
    private const string Source = "info registers";

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Most vCPUs that a text may list: more than QEMU can be given.</summary>
    private const int MaxCpus = 4096;

    /// <summary>
    /// Tells whether a stub's registers lack what only the monitor prints: QEMU before 4.1 leaves out control registers
    /// and the bases of segments.
    /// </summary>
    internal static bool CanComplete(RegisterSet registers) =>
        registers.Architecture == X64Architecture.Instance
        && (registers[X64Register.FsBase] is null || registers[X64Register.Cr3] is null);

    /// <summary>Reads the first vCPU in the text.</summary>
    /// <exception cref="BadDataException">There is none, or a register's value is not a number.</exception>
    public static RegisterSet Parse(string text)
    {
        List<RegisterSet> all = ParseAll(text, most: 1);
        return all.Count > 0
            ? all[0]
            : throw new BadDataException(Source, 0, $"expected RIP= or EIP=, found \"{Excerpt(text)}\"");
    }

    /// <summary>
    /// Reads every vCPU in the text, as <c>info registers -a</c> prints them, in the order of the text.
    /// </summary>
    /// <returns>Empty when the text has no registers.</returns>
    /// <exception cref="BadDataException">A register's value is not a number.</exception>
    public static IReadOnlyList<RegisterSet> ParseAll(string text) => ParseAll(text, MaxCpus);

    /// <summary>
    /// Reads every vCPU in the text, as <c>info registers -a</c> prints them, by the number that it prints.
    /// </summary>
    /// <returns>Empty when the text has no registers. Of vCPUs with the same number, the last.</returns>
    /// <exception cref="BadDataException">A register's value is not a number.</exception>
    public static IReadOnlyDictionary<int, RegisterSet> ParseNumbered(string text)
    {
        const string Heading = "CPU#";
        var all = new Dictionary<int, RegisterSet>();
        for (int at = text.IndexOf(Heading, StringComparison.Ordinal); at >= 0 && all.Count < MaxCpus; )
        {
            int next = text.IndexOf(Heading, at + 1, StringComparison.Ordinal);
            ReadOnlySpan<char> digits = text.AsSpan(at + Heading.Length);
            digits = digits[..Math.Max(digits.IndexOfAnyExceptInRange('0', '9'), 0)];
            List<RegisterSet> registers = ParseAll(next < 0 ? text[at..] : text[at..next], most: 1);
            if (
                registers.Count > 0
                && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            )
                all[number] = registers[0];

            at = next;
        }

        return all;
    }

    private static List<RegisterSet> ParseAll(string text, int most)
    {
        var all = new List<RegisterSet>();
        var registers = new RegisterSet(X64Architecture.Instance);
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int offset = text.Length - rest.Length;
            int end = rest.IndexOf('\n');
            ReadOnlySpan<char> line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (line.StartsWith("CPU#", StringComparison.Ordinal))
            {
                Add(all, registers);
                registers = new RegisterSet(X64Architecture.Instance);
                if (all.Count == most)
                    return all;
            }
            else
            {
                ParseLine(line, offset, registers);
            }
        }

        Add(all, registers);
        return all;
    }

    private static void Add(List<RegisterSet> all, RegisterSet registers)
    {
        if (registers.ProgramCounter is not null)
            all.Add(registers);
    }

    private static void ParseLine(ReadOnlySpan<char> line, int offset, RegisterSet registers)
    {
        int position = 0;
        while (line[position..].IndexOf('=') is int distance and >= 0)
        {
            ReadOnlySpan<char> name = line[position..(position + distance)].TrimEnd(' ');
            name = name[(name.LastIndexOf(' ') + 1)..];
            position += distance + 1;
            if (FindRegister(name) is not { } register)
                continue;

            registers[register] = ParseNumber(line, offset, ref position);
            if (register == X64Register.Cs)
                registers.Code = ParseCode(line, offset, position);

            Register? hidden =
                register == X64Register.Fs ? X64Register.FsBase
                : register == X64Register.Gs ? X64Register.GsBase
                : null;
            if (hidden is { } segmentBase)
            {
                position += line[position..].Length - line[position..].TrimStart(' ').Length;
                registers[segmentBase] = ParseNumber(line, offset, ref position);
            }
        }
    }

    /// <summary>
    /// Reads the hidden part of CS behind its selector: base, limit and flags; null when the line ends before.
    /// </summary>
    private static CodeSegment? ParseCode(ReadOnlySpan<char> line, int offset, int position)
    {
        const uint Long = 1 << 21; // L of a code segment
        const uint Wide = 1 << 22; // D
        Span<ulong> columns = stackalloc ulong[3];
        foreach (ref ulong column in columns)
        {
            position += line[position..].Length - line[position..].TrimStart(' ').Length;
            if (position == line.Length || !char.IsAsciiHexDigit(line[position]))
                return null;

            column = ParseNumber(line, offset, ref position);
        }

        return new CodeSegment(
            columns[0],
            (columns[2] & Long) != 0 ? 64
                : (columns[2] & Wide) != 0 ? 32
                : 16
        );
    }

    private static ulong ParseNumber(ReadOnlySpan<char> line, int offset, ref int position)
    {
        ReadOnlySpan<char> digits = line[position..];
        int end = digits.IndexOfAnyExcept(s_hexDigits);
        if (end >= 0)
            digits = digits[..end];

        if (!ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value))
            throw new BadDataException(
                Source,
                offset + position,
                $"expected up to 16 hex digits, found \"{Excerpt(line[position..])}\""
            );

        position += digits.Length;
        return value;
    }

    private static Register? FindRegister(ReadOnlySpan<char> name) =>
        name switch
        {
            "RAX" or "EAX" => X64Register.Rax,
            "RBX" or "EBX" => X64Register.Rbx,
            "RCX" or "ECX" => X64Register.Rcx,
            "RDX" or "EDX" => X64Register.Rdx,
            "RSI" or "ESI" => X64Register.Rsi,
            "RDI" or "EDI" => X64Register.Rdi,
            "RBP" or "EBP" => X64Register.Rbp,
            "RSP" or "ESP" => X64Register.Rsp,
            "R8" => X64Register.R8,
            "R9" => X64Register.R9,
            "R10" => X64Register.R10,
            "R11" => X64Register.R11,
            "R12" => X64Register.R12,
            "R13" => X64Register.R13,
            "R14" => X64Register.R14,
            "R15" => X64Register.R15,
            "RIP" or "EIP" => X64Register.Rip,
            "RFL" or "EFL" => X64Register.Rflags,
            "CS" => X64Register.Cs,
            "SS" => X64Register.Ss,
            "DS" => X64Register.Ds,
            "ES" => X64Register.Es,
            "FS" => X64Register.Fs,
            "GS" => X64Register.Gs,
            "CR0" => X64Register.Cr0,
            "CR2" => X64Register.Cr2,
            "CR3" => X64Register.Cr3,
            "CR4" => X64Register.Cr4,
            "EFER" => X64Register.Efer,
            _ => null,
        };

    private static string Excerpt(ReadOnlySpan<char> text) => text.Length <= 40 ? text.ToString() : $"{text[..40]}...";
}
