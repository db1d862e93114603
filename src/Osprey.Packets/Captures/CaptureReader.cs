using System.Buffers.Binary;
using Osprey.Binary;

namespace Osprey.Packets.Captures;

/// <summary>Reads the packets of a pcap or pcapng file, in either byte order, one after the other.</summary>
/// <remarks>
/// The formats are draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. What is malformed ends the reading: the
/// packets before it were given out, and <see cref="Defect"/> says where and why. For one thread at a time.
/// </remarks>
public abstract class CaptureReader
{
    private const int MagicSize = 4;

    private readonly CaptureInput _input;
    private bool _isAtEnd;

    private protected CaptureReader(CaptureInput input) => _input = input;

    /// <summary>Packets read so far, of all link types.</summary>
    public long Count { get; private set; }

    /// <summary>The error that ended the reading early; null while there is none.</summary>
    public BadDataException? Defect { get; private set; }

    /// <summary>
    /// Packets that the capture says it lost, as far as it was read; null when it does not say. Only pcapng can.
    /// </summary>
    public virtual ulong? DropCount => null;

    /// <summary>The program's name for the format: <c>pcap</c> or <c>pcapng</c>.</summary>
    public abstract string Format { get; }

    private protected CaptureInput Input => _input;

    /// <summary>Opens a capture, told by its first bytes.</summary>
    /// <param name="stream">The bytes; stays open. It is never sought.</param>
    /// <param name="name">Its name as the user knows it, for errors.</param>
    /// <exception cref="BadDataException">It is neither pcap nor pcapng, or its header is malformed.</exception>
    public static CaptureReader Open(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        var input = new CaptureInput(stream, name);
        ReadOnlySpan<byte> magic = input.ReadUpTo(MagicSize).Span;
        if (magic.Length < MagicSize)
            input.ThrowBad(0, $"expected a pcap or pcapng file, have {magic.Length} bytes");

        uint value = BinaryPrimitives.ReadUInt32LittleEndian(magic);
        if (value == PcapngReader.SectionHeaderBlock)
            return new PcapngReader(input);

        return PcapReader.TryOpen(input, value)
            ?? throw new BadDataException(
                name,
                0,
                $"expected a pcap or pcapng file, which begin with other bytes than {Convert.ToHexStringLower(magic)}"
            );
    }

    /// <summary>Reads the next packet.</summary>
    /// <returns>
    /// <see langword="false"/> at the end, and where the file is malformed, which <see cref="Defect"/> then tells.
    /// </returns>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public bool TryRead(out CaptureRecord record)
    {
        record = default;
        if (_isAtEnd)
            return false;

        try
        {
            if (TryReadNext(Count + 1, out record))
            {
                Count++;
                return true;
            }
        }
        catch (BadDataException exception)
        {
            Defect = exception;
        }

        _isAtEnd = true;
        record = default;
        return false;
    }

    /// <summary>Reads the next packet, to be numbered; false at the end.</summary>
    private protected abstract bool TryReadNext(long number, out CaptureRecord record);
}
