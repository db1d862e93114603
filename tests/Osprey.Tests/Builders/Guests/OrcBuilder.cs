using System.Buffers.Binary;
using Osprey.Guests.Linux.Stacks;

namespace Osprey.Tests.Builders.Guests;

/// <summary>Writes a table of ORC as the kernels of each format have it.</summary>
/// <param name="format">The format.</param>
internal sealed class OrcBuilder(OrcFormat format)
{
    private static readonly string[] s_registers =
    [
        "none",
        "prev_sp",
        "dx",
        "di",
        "bp",
        "sp",
        "r10",
        "r13",
        "*bp",
        "*sp",
    ];

    private static readonly string[] s_renumbered =
    [
        "none",
        "ax",
        "dx",
        "sp",
        "bp",
        "di",
        "r10",
        "r13",
        "prev_sp",
        "*sp",
        "*bp",
    ];

    private readonly List<(ulong Address, byte[] Entry)> _entries = [];

    public int Count => _entries.Count;

    /// <summary>Adds an entry with any bits.</summary>
    public OrcBuilder AddRaw(ulong address, short stackOffset, short frameOffset, ushort flags)
    {
        byte[] entry = new byte[6];
        BinaryPrimitives.WriteInt16LittleEndian(entry, stackOffset);
        BinaryPrimitives.WriteInt16LittleEndian(entry.AsSpan(2), frameOffset);
        BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(4), flags);
        _entries.Add((address, entry));
        return this;
    }

    /// <summary>Adds an entry.</summary>
    /// <param name="address">The address that it begins at.</param>
    /// <param name="type">call, regs, partial, end or undefined.</param>
    /// <param name="stack">The base of the stack pointer.</param>
    /// <param name="stackOffset">The distance from it.</param>
    /// <param name="frame">The base of the frame pointer.</param>
    /// <param name="frameOffset">The distance from it.</param>
    public OrcBuilder Add(
        ulong address,
        string type,
        string stack = "none",
        short stackOffset = 0,
        string frame = "none",
        short frameOffset = 0
    )
    {
        int flags = GetNumber(stack) | (GetNumber(frame) << 4);
        bool isInterrupted = type is "regs" or "partial";
        if (format is OrcFormat.Types or OrcFormat.Renumbered)
        {
            flags |= Array.IndexOf((string[])["undefined", "end", "call", "regs", "partial"], type) << 8;
            flags |= isInterrupted ? 0x800 : 0;
        }
        else
        {
            flags |= Math.Max(Array.IndexOf((string[])["call", "regs", "partial"], type), 0) << 8;
            if (type == "end")
                flags |= format == OrcFormat.End ? 0x400 : 0x800;
            else if (isInterrupted && format == OrcFormat.SignalAndEnd)
                flags |= 0x400;
        }

        return AddRaw(address, stackOffset, frameOffset, (ushort)flags);
    }

    /// <summary>The two arrays.</summary>
    /// <param name="start">The address of the first.</param>
    public (byte[] Addresses, byte[] Entries) Build(ulong start)
    {
        byte[] addresses = new byte[_entries.Count * 4];
        for (int i = 0; i < _entries.Count; i++)
        {
            int distance = unchecked((int)(_entries[i].Address - (start + ((ulong)i * 4))));
            BinaryPrimitives.WriteInt32LittleEndian(addresses.AsSpan(i * 4), distance);
        }

        return (addresses, [.. _entries.SelectMany(item => item.Entry)]);
    }

    private int GetNumber(string register)
    {
        int number = Array.IndexOf(format == OrcFormat.Renumbered ? s_renumbered : s_registers, register);
        Assert.True(number >= 0, register);
        return number;
    }
}
