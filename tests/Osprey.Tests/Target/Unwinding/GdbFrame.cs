using System.Globalization;

namespace Osprey.Tests.Target.Unwinding;

/// <summary>What gdb says of a frame; null where it does not know.</summary>
internal sealed record GdbFrame(ulong Pc, ulong? Cfa, ulong?[] Registers)
{
    /// <summary>The order of <see cref="Registers"/>.</summary>
    public static IReadOnlyList<Osprey.Target.Architectures.Register> Order { get; } =
    [
        Osprey.Target.Architectures.X64.X64Register.Rsp,
        Osprey.Target.Architectures.X64.X64Register.Rbx,
        Osprey.Target.Architectures.X64.X64Register.Rbp,
        Osprey.Target.Architectures.X64.X64Register.R12,
        Osprey.Target.Architectures.X64.X64Register.R13,
        Osprey.Target.Architectures.X64.X64Register.R14,
        Osprey.Target.Architectures.X64.X64Register.R15,
    ];

    public static GdbFrame Parse(string line)
    {
        string[] parts = line.Split(' ');

        // Of the outermost frame gdb says that its place is 0.
        ulong? cfa = ParseNumber(parts[1]) is { } place and not 0 ? place : null;
        return new GdbFrame(ParseNumber(parts[0])!.Value, cfa, [.. parts.Skip(2).Select(ParseNumber)]);
    }

    private static ulong? ParseNumber(string text) => text == "?" ? null : ulong.Parse(text, NumberStyles.HexNumber);
}
