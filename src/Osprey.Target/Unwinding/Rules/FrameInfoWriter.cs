using System.Buffers.Binary;

namespace Osprey.Target.Unwinding.Rules;

/// <summary>
/// Writes rules as call frame information of DWARF (a section <c>.debug_frame</c>), so that other debuggers follow the
/// same stacks.
/// </summary>
/// <remarks>
/// Each function gets an entry of its own: lldb takes one that covers a function's first instruction for all of it.
/// Where code was entered by an interrupt, the entry is that of a signal's frame: the caller's address is then not
/// behind a call. Debuggers that find no rule for a register take it for unchanged, so that each register that is not
/// known is said to be undefined.
/// </remarks>
public sealed class FrameInfoWriter : IDisposable
{
    private const int EntryAlignment = 8;
    private const byte Advance = 0x40; // DW_CFA_advance_loc
    private const byte Advance1 = 0x02;
    private const byte Advance2 = 0x03;
    private const byte Advance4 = 0x04;
    private const int MaxShortAdvance = 0x3f;

    private readonly MemoryStream _section = new();
    private readonly MemoryStream _program = new();
    private readonly Dictionary<UnwindRule, FrameInfoRow> _rows = [];
    private readonly long _plain;
    private readonly long _interrupted;
    private FrameInfoRow _before = FrameInfoRow.Initial;
    private bool _isInterrupted;
    private ulong _start;
    private ulong _at;
    private ulong _end;

    private FrameInfoWriter()
    {
        _plain = WriteCommon(isInterrupted: false);
        _interrupted = WriteCommon(isInterrupted: true);
    }

    /// <summary>Writes rules.</summary>
    /// <param name="ranges">The ranges, those of a function in order and without a gap.</param>
    /// <param name="functions">The addresses where functions begin, in order.</param>
    /// <returns>The section's bytes.</returns>
    public static byte[] Write(IEnumerable<UnwindRange> ranges, ulong[] functions)
    {
        using var writer = new FrameInfoWriter();
        foreach (UnwindRange range in ranges)
        {
            ulong start = range.Start;
            foreach (ulong border in FindBetween(functions, range.Start, range.End))
            {
                writer.Add(start, border, range.Rule, startsFunction: start != range.Start || IsIn(functions, start));
                start = border;
            }

            writer.Add(start, range.End, range.Rule, startsFunction: start != range.Start || IsIn(functions, start));
        }

        writer.Close();
        return writer._section.ToArray();
    }

    /// <summary>Whether a section that was written has entries of code.</summary>
    public static bool HasEntries(byte[] section)
    {
        using var empty = new FrameInfoWriter();
        return section.Length > empty._section.Length;
    }

    /// <summary>Releases what was written.</summary>
    public void Dispose()
    {
        _section.Dispose();
        _program.Dispose();
    }

    private static bool IsIn(ulong[] functions, ulong address) => Array.BinarySearch(functions, address) >= 0;

    private static IEnumerable<ulong> FindBetween(ulong[] functions, ulong start, ulong end)
    {
        int index = Array.BinarySearch(functions, start);
        for (index = index < 0 ? ~index : index; index < functions.Length && functions[index] < end; index++)
        {
            if (functions[index] > start && (index == 0 || functions[index] != functions[index - 1]))
                yield return functions[index];
        }
    }

    private void Add(ulong start, ulong end, UnwindRule? rule, bool startsFunction)
    {
        if (rule is null || start >= end)
        {
            Close();
            return;
        }

        bool isInterrupted = !rule.IsReturnAddress;
        if (startsFunction || start != _end || isInterrupted != _isInterrupted)
        {
            Close();
            (_start, _at, _isInterrupted, _before) = (start, start, isInterrupted, FrameInfoRow.Initial);
        }

        if (!_rows.TryGetValue(rule, out FrameInfoRow? row))
            _rows.Add(rule, row = FrameInfoRow.Create(rule));

        if (row != _before)
        {
            MoveTo(start);
            row.WriteAfter(_before, _program);
            _before = row;
        }

        _end = end;
    }

    private void MoveTo(ulong address)
    {
        ulong distance = address - _at;
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)Math.Min(distance, uint.MaxValue));
        if (distance > ushort.MaxValue)
        {
            _program.WriteByte(Advance4);
            _program.Write(number);
        }
        else if (distance > byte.MaxValue)
        {
            _program.WriteByte(Advance2);
            _program.Write(number[..sizeof(ushort)]);
        }
        else if (distance > MaxShortAdvance)
        {
            _program.WriteByte(Advance1);
            _program.Write(number[..1]);
        }
        else if (distance > 0)
        {
            _program.WriteByte((byte)(Advance | distance));
        }

        _at = address;
    }

    /// <summary>Ends the entry that is being written, if there is one.</summary>
    private void Close()
    {
        if (_end > _start)
        {
            var body = new MemoryStream();
            Span<byte> number = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt32LittleEndian(number, (uint)(_isInterrupted ? _interrupted : _plain));
            body.Write(number[..sizeof(uint)]);
            BinaryPrimitives.WriteUInt64LittleEndian(number, _start);
            body.Write(number);
            BinaryPrimitives.WriteUInt64LittleEndian(number, _end - _start);
            body.Write(number);
            if (_isInterrupted)
                body.WriteByte(0); // no data for the augmentation

            _program.WriteTo(body);
            WriteEntry(body);
        }

        _program.SetLength(0);
        _start = _end = 0;
    }

    /// <summary>Writes what entries have in common, and gives its place.</summary>
    private long WriteCommon(bool isInterrupted)
    {
        long place = _section.Position;
        var body = new MemoryStream();
        body.Write([0xff, 0xff, 0xff, 0xff, 3]); // no entry of code; version 3
        body.Write(isInterrupted ? "zS\0"u8 : "\0"u8);
        body.Write([1, 0x78, 16]); // units: 1 byte of code, -8 bytes of data; the return address is register 16
        if (isInterrupted)
            body.WriteByte(0);

        FrameInfoRow.Initial.WriteAfter(null, body);
        WriteEntry(body);
        return place;
    }

    private void WriteEntry(MemoryStream body)
    {
        while ((body.Length + sizeof(uint)) % EntryAlignment != 0)
            body.WriteByte(0); // DW_CFA_nop

        Span<byte> length = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)body.Length);
        _section.Write(length);
        body.WriteTo(_section);
    }
}
