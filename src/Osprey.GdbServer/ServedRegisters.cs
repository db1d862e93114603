using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Osprey.Target.Architectures;
using Osprey.Target.Architectures.X64;

namespace Osprey.GdbServer;

/// <summary>The registers that debuggers are told of, in the order and with the names of gdb's own x86-64.</summary>
/// <remarks>
/// Floating-point and vector registers are those of vCPUs, as QEMU's stub has them. Where they are not known, as of
/// a thread that sleeps, their bytes are <c>x</c>, which stands for "unavailable".
/// </remarks>
internal static class ServedRegisters
{
    private const string Vectors = "org.gnu.gdb.i386.sse";

    private static readonly (string Feature, ServedRegister[] Registers)[] s_features =
    [
        ("org.gnu.gdb.i386.core", [.. ListCore()]),
        (
            "org.gnu.gdb.i386.segments",
            [Of(X64Register.FsBase, "fs_base", "int"), Of(X64Register.GsBase, "gs_base", "int")]
        ),
        (
            "org.osprey.x86-64.system",
            [
                Of(X64Register.KernelGsBase, "k_gs_base", "int"),
                Of(X64Register.Cr0, "cr0", "int"),
                Of(X64Register.Cr2, "cr2", "int"),
                Of(X64Register.Cr3, "cr3", "int"),
                Of(X64Register.Cr4, "cr4", "int"),
                Of(X64Register.Cr8, "cr8", "int"),
                Of(X64Register.Efer, "efer", "int"),
            ]
        ),
        (
            Vectors,
            [
                .. Enumerable.Range(0, 16).Select(number => new ServedRegister($"xmm{number}", 16, "vec128", null)),
                new ServedRegister("mxcsr", 4, "int32", null),
            ]
        ),
        // Never known; gdb looks for thread-local variables only where a description has it.
        ("org.gnu.gdb.i386.linux", [new ServedRegister("orig_rax", 8, "int", null)]),
    ];

    /// <summary>The types of vector registers, in the words of gdb's own description of them.</summary>
    private const string VectorTypes = """
        <vector id="v4f" type="ieee_single" count="4"/>
        <vector id="v2d" type="ieee_double" count="2"/>
        <vector id="v16i8" type="int8" count="16"/>
        <vector id="v8i16" type="int16" count="8"/>
        <vector id="v4i32" type="int32" count="4"/>
        <vector id="v2i64" type="int64" count="2"/>
        <union id="vec128">
        <field name="v4_float" type="v4f"/>
        <field name="v2_double" type="v2d"/>
        <field name="v16_int8" type="v16i8"/>
        <field name="v8_int16" type="v8i16"/>
        <field name="v4_int32" type="v4i32"/>
        <field name="v2_int64" type="v2i64"/>
        <field name="uint128" type="uint128"/>
        </union>

        """;

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<ServedRegister> All { get; } = [.. s_features.SelectMany(feature => feature.Registers)];

    /// <summary>The target description.</summary>
    public static string Description { get; } = Describe();

    /// <summary>Writes all registers as the reply to <c>g</c>.</summary>
    /// <param name="registers">The registers; null when none is known.</param>
    /// <param name="findOther">Gives the bytes of one that is not among them, by name; null when not known.</param>
    public static byte[] WriteAll(RegisterSet? registers, Func<string, byte[]?> findOther)
    {
        var text = new StringBuilder();
        foreach (ServedRegister register in All)
            Write(text, register, registers, findOther);

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Writes one register as the reply to <c>p</c>; null when there is no such number.</summary>
    public static byte[]? WriteOne(RegisterSet? registers, Func<string, byte[]?> findOther, ulong number)
    {
        if (number >= (ulong)All.Count)
            return null;

        var text = new StringBuilder();
        Write(text, All[(int)number], registers, findOther);
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Reads a register and its new value, as <c>P</c> has them: <c>NUMBER=BYTES</c>.</summary>
    /// <param name="text">Those words.</param>
    /// <param name="before">The registers as they are.</param>
    /// <exception cref="FormatException">That is malformed.</exception>
    /// <exception cref="NotSupportedException">The register is none of the guest's that is known here.</exception>
    public static (Register Register, ulong Value) ReadOne(string text, RegisterSet? before)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (
            equals < 0
            || !int.TryParse(text.AsSpan(0, equals), NumberStyles.AllowHexSpecifier, null, out int number)
            || number >= All.Count
        )
            throw new FormatException("no register and value");

        ServedRegister register = All[number];
        return register.Source is null
            ? throw new NotSupportedException($"register {register.Name} can't be written")
            : (register.Source, FromServed(register.Source, ReadValue(text.AsSpan(equals + 1), register.Size), before));
    }

    /// <summary>Reads the registers of <c>G</c> that have other values than before.</summary>
    /// <exception cref="FormatException">The block is malformed.</exception>
    public static List<(Register Register, ulong Value)> ReadAll(string text, RegisterSet? before)
    {
        var values = new List<(Register, ulong)>();
        int at = 0;
        foreach (ServedRegister register in All)
        {
            int digits = register.Size * 2;
            if (text.Length - at < digits)
                throw new FormatException($"the registers end before {register.Name}");

            ReadOnlySpan<char> bytes = text.AsSpan(at, digits);
            at += digits;
            if (register.Source is not { } source || bytes.Contains('x'))
                continue;

            ulong value = FromServed(source, ReadValue(bytes, register.Size), before);
            if (before?[source] is ulong old && old != value)
                values.Add((source, value));
        }

        return values;
    }

    /// <summary>
    /// A register as debuggers are to see it. In real mode the program counter counts from the code segment's
    /// beginning; breakpoints, code and symbols are at linear addresses, so that a debugger would take the stop at a
    /// breakpoint for none of its own, and go on.
    /// </summary>
    private static ulong? FindServed(Register source, RegisterSet registers) =>
        source == X64Register.Rip ? registers.CodeAddress : registers[source];

    /// <summary>The value to write for one that a debugger gave.</summary>
    private static ulong FromServed(Register source, ulong value, RegisterSet? before) =>
        before?[source] is ulong own && FindServed(source, before) is ulong served
            ? unchecked(value - served + own)
            : value;

    private static ulong ReadValue(ReadOnlySpan<char> digits, int size)
    {
        if (digits.Length != size * 2)
            throw new FormatException("a value of another size");

        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        Convert.FromHexString(digits.ToString()).CopyTo(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private static void Write(
        StringBuilder text,
        ServedRegister register,
        RegisterSet? registers,
        Func<string, byte[]?> findOther
    )
    {
        if (register.Source is null && findOther(register.Name) is { } other && other.Length == register.Size)
        {
            text.Append(Convert.ToHexStringLower(other));
            return;
        }

        if (register.Source is null || registers is null || FindServed(register.Source, registers) is not ulong value)
        {
            text.Append('x', register.Size * 2);
            return;
        }

        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        text.Append(Convert.ToHexStringLower(bytes[..register.Size]));
    }

    private static IEnumerable<ServedRegister> ListCore()
    {
        foreach (
            Register register in (Register[])
                [
                    X64Register.Rax,
                    X64Register.Rbx,
                    X64Register.Rcx,
                    X64Register.Rdx,
                    X64Register.Rsi,
                    X64Register.Rdi,
                    X64Register.Rbp,
                    X64Register.Rsp,
                    X64Register.R8,
                    X64Register.R9,
                    X64Register.R10,
                    X64Register.R11,
                    X64Register.R12,
                    X64Register.R13,
                    X64Register.R14,
                    X64Register.R15,
                    X64Register.Rip,
                ]
        )
            yield return Of(
                register,
                register.Name,
                register == X64Register.Rip ? "code_ptr"
                    : register == X64Register.Rsp || register == X64Register.Rbp ? "data_ptr"
                    : "int64"
            );

        yield return new ServedRegister("eflags", 4, "int32", X64Register.Rflags);
        yield return new ServedRegister("cs", 4, "int32", X64Register.Cs);
        yield return new ServedRegister("ss", 4, "int32", X64Register.Ss);
        yield return new ServedRegister("ds", 4, "int32", X64Register.Ds);
        yield return new ServedRegister("es", 4, "int32", X64Register.Es);
        yield return new ServedRegister("fs", 4, "int32", X64Register.Fs);
        yield return new ServedRegister("gs", 4, "int32", X64Register.Gs);
        for (int i = 0; i < 8; i++)
            yield return new ServedRegister($"st{i}", 10, "i387_ext", null);

        foreach (string name in (string[])["fctrl", "fstat", "ftag", "fiseg", "fioff", "foseg", "fooff", "fop"])
            yield return new ServedRegister(name, 4, "int", null);
    }

    private static ServedRegister Of(Register register, string name, string type) => new(name, 8, type, register);

    private static string Describe()
    {
        var xml = new StringBuilder("<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n");
        xml.Append("<target><architecture>i386:x86-64</architecture>\n");
        int number = 0;
        foreach ((string feature, ServedRegister[] registers) in s_features)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<feature name=\"{feature}\">\n");
            if (feature == Vectors)
                xml.Append(VectorTypes);

            foreach (ServedRegister register in registers)
                xml.Append(
                    CultureInfo.InvariantCulture,
                    $"<reg name=\"{register.Name}\" bitsize=\"{register.Size * 8}\" type=\"{register.Type}\" "
                        + $"regnum=\"{number++}\"/>\n"
                );

            xml.Append("</feature>\n");
        }

        return xml.Append("</target>\n").ToString();
    }
}
