using System.Globalization;
using Osprey.Traces.Text;

namespace Osprey.Cli.Rendering.Text;

/// <summary>
/// Memory as rows of 16 bytes: address, bytes or larger units in hexadecimal, and what of them is text. Bytes that
/// can't be read are shown as <c>??</c>; rows that repeat the one above as one <c>*</c>.
/// </summary>
internal sealed class HexDump(Utf8Builder text, int unitSize, Action flush)
{
    private const int RowSize = 16;

    private readonly byte[] _row = new byte[RowSize];
    private readonly bool[] _known = new bool[RowSize];
    private readonly byte[] _previous = new byte[RowSize];
    private readonly bool[] _previousKnown = new bool[RowSize];
    private ulong _rowAddress;
    private int _filled;
    private int _rows;
    private bool _isRepeating;

    /// <summary>Adds bytes behind those added so far.</summary>
    /// <param name="address">Where they are.</param>
    /// <param name="size">How many.</param>
    /// <param name="bytes">What they are; empty when they can't be read.</param>
    public void Add(ulong address, ulong size, ReadOnlySpan<byte> bytes)
    {
        for (ulong i = 0; i < size; i++)
        {
            if (_filled == 0)
                _rowAddress = unchecked(address + i);

            _known[_filled] = !bytes.IsEmpty;
            _row[_filled++] = bytes.IsEmpty ? (byte)0 : bytes[(int)i];
            if (_filled == RowSize)
                EndRow(isLast: false);
        }
    }

    /// <summary>Writes what is left.</summary>
    public void End()
    {
        if (_filled > 0)
            EndRow(isLast: true);
        else if (_isRepeating)
            WriteLastRepeated();
    }

    private void EndRow(bool isLast)
    {
        bool repeats =
            _rows > 0
            && _filled == RowSize
            && _row.AsSpan().SequenceEqual(_previous)
            && _known.AsSpan().SequenceEqual(_previousKnown);
        if (repeats && !isLast)
        {
            if (!_isRepeating)
                text.Append("*\n"u8);

            _isRepeating = true;
        }
        else
        {
            _isRepeating = false;
            WriteRow(_rowAddress);
        }

        _row.CopyTo(_previous, 0);
        _known.CopyTo(_previousKnown, 0);
        _rows++;
        _filled = 0;
        flush();
    }

    /// <summary>The last row is shown although it repeats, so that the reader sees where the range ends.</summary>
    private void WriteLastRepeated()
    {
        _filled = RowSize;
        WriteRow(_rowAddress);
        _filled = 0;
    }

    private void WriteRow(ulong address)
    {
        text.Append(string.Create(CultureInfo.InvariantCulture, $"{address:x16} "));
        for (int at = 0; at < RowSize; at += unitSize)
        {
            if (at == RowSize / 2)
            {
                text.Append((byte)' ');
            }

            text.Append((byte)' ');
            if (at < _filled)
                WriteUnit(at, Math.Min(unitSize, _filled - at));
            else
                text.AppendRepeated((byte)' ', unitSize * 2);
        }

        text.Append("  |"u8);
        for (int i = 0; i < _filled; i++)
            text.Append(
                !_known[i] ? (byte)'?'
                : _row[i] is >= 0x20 and < 0x7f ? _row[i]
                : (byte)'.'
            );

        text.Append("|\n"u8);
    }

    /// <summary>A unit is shown as the number it is: its last byte first.</summary>
    private void WriteUnit(int start, int size)
    {
        text.AppendRepeated((byte)' ', (unitSize - size) * 2);
        for (int i = start + size - 1; i >= start; i--)
        {
            if (_known[i])
                text.Append(string.Create(CultureInfo.InvariantCulture, $"{_row[i]:x2}"));
            else
                text.Append("??"u8);
        }
    }
}
