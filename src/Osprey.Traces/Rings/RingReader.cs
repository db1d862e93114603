using System.Buffers.Binary;
using Osprey.Traces.Model;

namespace Osprey.Traces.Rings;

/// <summary>Follows the ring of one CPU: reads what the kernel wrote since the last time, while it writes on.</summary>
/// <remarks>
/// <para>
/// The kernel keeps how many bytes it ever wrote to a ring; that number, modulo the ring's size, is where it writes
/// next. So a place in the ring is a number that never goes back, and the reader's <see cref="Position"/> is one: the
/// first byte that it has not read. Nothing is locked. The writer is never waited for, and may write over what is being
/// read.
/// </para>
/// <para>
/// Each piece is therefore copied first, and the number is read again behind that. What the kernel may have written
/// over until then is thrown away: all bytes from its place then back to one ring's size, and the page that it is in,
/// whose old records have lost their beginnings. A record's first word is written last, and is all ones until then, so
/// only the newest record can be incomplete: reading ends before it, and the next call comes back to it. Of the newest
/// record that is complete, the words may have been copied in any order, the first one last; it is read once more for
/// that. A record that is begun has its mark set a moment before the number moves on, in the page that comes next: all
/// ones in old records are such a mark, and the page counts as overwritten.
/// </para>
/// <para>
/// Bytes that were thrown away, or overwritten before they were copied, are counted: the difference of two places is
/// exact, whatever was in between. How many samples that were follows from the sizes of those that were read.
/// </para>
/// <para>
/// Everything that memory says is checked: a page whose records are not understood is left at its end, and counted in
/// <see cref="StrangeBytes"/> as well as among the lost. Used from one thread at a time.
/// </para>
/// </remarks>
public sealed class RingReader
{
    private const ulong MaxSize = 1UL << 32;

    /// <summary>No kernel writes so much; a larger number is none.</summary>
    private const ulong MaxLast = 1UL << 60;

    private readonly RingMemory _memory;
    private readonly RingPageScanner _scanner;
    private readonly RingLayout _layout;
    private readonly byte[] _header;
    private readonly byte[] _firstHeader;
    private byte[] _copy = [];
    private ulong _lostFrom; // where the loss begins that no piece has told of yet
    private bool _hasRead;

    /// <param name="memory">The memory that the ring lies in.</param>
    /// <param name="place">The place of the ring, which must be allocated.</param>
    /// <param name="tracepoints">The tracepoints that records may have; may grow.</param>
    /// <param name="layout">The sizes of records.</param>
    /// <exception cref="ArgumentException">The ring can't be one; see <see cref="IsPossible"/>.</exception>
    public RingReader(RingMemory memory, RingPlace place, TracepointTable tracepoints, RingLayout layout)
    {
        if (!IsPossible(place, layout))
            throw new ArgumentException("there is no such ring", nameof(place));

        _memory = memory;
        Place = place;
        _scanner = new RingPageScanner(tracepoints, layout);
        _layout = layout;
        _header = new byte[place.HeaderSize];
        _firstHeader = new byte[place.HeaderSize];
        if (ReadHeader(_firstHeader) && LastOf(_firstHeader) <= MaxLast)
            Last = LastOf(_firstHeader);

        Start();
    }

    /// <summary>The largest part of a ring that is read at once, in bytes.</summary>
    public int MaxRead { get; init; } = 1 << 20;

    /// <summary>The ring's place.</summary>
    public RingPlace Place { get; }

    /// <summary>The first byte that was not read yet, counted as the kernel counts them.</summary>
    public ulong Position { get; private set; }

    /// <summary>The bytes that the kernel had ever written when <see cref="Look"/> was called last.</summary>
    public ulong Last { get; private set; }

    /// <summary>
    /// The time of the newest sample that was read, nanoseconds since boot, when the last read got up to it; null when
    /// it did not.
    /// </summary>
    public ulong? NewestTime { get; private set; }

    /// <summary>Bytes that were read and hold no records that are understood.</summary>
    public ulong StrangeBytes { get; private set; }

    /// <summary>
    /// The tracepoint of a record, by address, that is not in the table and that reading ended before; 0 for none.
    /// </summary>
    public ulong UnknownTracepoint { get; private set; }

    /// <summary>Tells whether reading ended before a record that the kernel was still writing.</summary>
    public bool IsBeforeUnfinished { get; private set; }

    /// <summary>
    /// Tells whether the ring that is described is another one than at first: it must be looked for again.
    /// </summary>
    public bool HasMoved { get; private set; }

    /// <summary>Tells whether the kernel's count went back, as it does when a guest boots anew.</summary>
    public bool WasReset { get; private set; }

    /// <summary>
    /// Gets or sets whether records of unknown tracepoints are given up, with the rest of their page.
    /// </summary>
    public bool SkipsUnknown { get; set; }

    /// <summary>Tells whether a ring can be at a place, as far as its size and alignment tell.</summary>
    public static bool IsPossible(RingPlace place, RingLayout layout) =>
        place.IsAllocated
        && place.Size >= (ulong)layout.PageSize
        && place.Size <= MaxSize
        && (place.Size & (place.Size - 1)) == 0
        && place.HeaderSize is >= 3 * sizeof(ulong) and <= 4096
        && place.LastOffset >= 0
        && place.LastOffset <= place.HeaderSize - sizeof(ulong);

    /// <summary>Goes to the oldest sample that the ring has; all before it is an earlier loss.</summary>
    public void Start()
    {
        Position = OldestAt(Last);
        _lostFrom = 0;
        _hasRead = false;
    }

    /// <summary>Goes to the place where the kernel writes next: only samples from then on are read.</summary>
    public void StartAtNewest()
    {
        Position = Last;
        _lostFrom = Last;
        _hasRead = true;
    }

    /// <summary>Reads how far the kernel has written: <see cref="Read"/> goes up to there.</summary>
    /// <returns>False when that can't be read, or the ring <see cref="HasMoved"/>.</returns>
    public bool Look()
    {
        if (ReadLast() is not { } last)
            return false;

        if (last < Last)
        {
            WasReset = true;
            Position = OldestAt(last);
            _lostFrom = 0;
        }

        Last = last;
        return true;
    }

    /// <summary>Reads samples up to where the kernel had written at the last <see cref="Look"/>.</summary>
    /// <param name="piece">
    /// Receives them. Samples of earlier calls stay before them; where something was lost in between, nothing is added.
    /// </param>
    /// <returns>
    /// True when there is more to read: take the piece, or call again with it while it has not grown too large. After a
    /// loss only an empty piece receives anything.
    /// </returns>
    public bool Read(RingPiece piece)
    {
        IsBeforeUnfinished = false;
        UnknownTracepoint = 0;
        NewestTime = null;
        ulong until = Last;
        Position = Math.Max(Position, OldestAt(until));
        if (Position >= until)
            return false;

        if (piece.HasBegun && (piece.Cpu != Place.Cpu || piece.End != Position || _lostFrom != Position))
            return true;

        ulong page = (ulong)_layout.PageSize;
        ulong most = Math.Max(Math.Min((ulong)MaxRead, Place.Size / 4), page);
        ulong start = Position;
        ulong end = Math.Min(until, (start & ~(page - 1)) + most);
        if (!Copy(start, end))
        {
            StrangeBytes += end - start;
            Position = end;
            return Position < until;
        }

        if (ReadLast() is not { } now || now < until)
            return false; // what was copied may be anything

        if (OldestAt(now) is var oldest && oldest > start)
        {
            // The kernel was faster. Where nothing is left of the copy, so it would be the next time: a leap.
            ulong newestPage = until & ~(page - 1);
            Position =
                oldest < end ? oldest
                : oldest > newestPage ? until
                : Math.Min(newestPage, oldest + (Place.Size / 2));
            if (piece.HasBegun || Position >= end)
                return Position < until;
        }

        Take(piece, start, end, until);
        return Position < until && !IsBeforeUnfinished && UnknownTracepoint == 0;
    }

    /// <summary>Tells of a loss behind which no sample was read, at the end of a recording.</summary>
    /// <param name="piece">An empty one.</param>
    public void Finish(RingPiece piece)
    {
        if (!piece.HasBegun && _lostFrom < Position)
            Begin(piece);
    }

    /// <summary>The oldest place whose bytes are not overwritten, when so many bytes were written.</summary>
    private ulong OldestAt(ulong last)
    {
        ulong page = (ulong)_layout.PageSize;
        ulong end = (last + page - 1) & ~(page - 1);
        return end > Place.Size ? end - Place.Size : 0;
    }

    /// <summary>Takes the records of what was copied from <paramref name="start"/> on.</summary>
    private void Take(RingPiece piece, ulong start, ulong end, ulong until)
    {
        ulong pageSize = (ulong)_layout.PageSize;
        int newest = 0;
        bool goesOn = true;
        piece.Reserve((int)(end - Position));
        while (goesOn && Position < end)
        {
            ulong nextPage = (Position & ~(pageSize - 1)) + pageSize;
            int length = (int)(Math.Min(nextPage, end) - Position);
            ReadOnlySpan<byte> bytes = _copy.AsSpan((int)(Position - start), length);
            int used = _scanner.Scan(bytes, out int count, out int lastRecord, out RingPageEnd reason);
            UnknownTracepoint = _scanner.UnknownTracepoint;
            if (count > 0)
            {
                _scanner.Learn(used, count);
                if (!piece.HasBegun)
                    Begin(piece);

                // The newest record is taken by itself: its words may have been copied before it was complete.
                bool hasNewest = Position + (ulong)used == until;
                newest = hasNewest ? used - lastRecord : 0;
                piece.Append(bytes[..(used - newest)], hasNewest ? count - 1 : count);
                Advance(piece, Position + (ulong)(used - newest));
            }

            goesOn = newest == 0 && GoOn(reason, piece, Math.Min(nextPage, end), until);
        }

        if (newest > 0)
            TakeNewest(piece, newest);
    }

    /// <summary>Goes on behind the records of a page.</summary>
    /// <returns>False when the piece ends here.</returns>
    private bool GoOn(RingPageEnd reason, RingPiece piece, ulong next, ulong until)
    {
        switch (reason)
        {
            case RingPageEnd.Whole:
                return true;

            case RingPageEnd.Padding when _lostFrom == Position:
                Advance(piece, next);
                return true;

            case RingPageEnd.Padding:
                Position = next;
                return true;

            case RingPageEnd.Unfinished when until - Position <= (ulong)_layout.PageSize:
                IsBeforeUnfinished = true;
                return false;

            case RingPageEnd.Unknown when !SkipsUnknown:
                return false;

            default:
                if (reason != RingPageEnd.Unfinished)
                    StrangeBytes += next - Position;

                UnknownTracepoint = 0;
                Position = next;
                return !piece.HasBegun; // a loss ends a piece
        }
    }

    private void TakeNewest(RingPiece piece, int size)
    {
        ulong at = Position;
        if (!Copy(at, at + (ulong)size) || ReadLast() is not { } now || OldestAt(now) > at)
            return; // overwritten at once: the next call counts it

        piece.Append(_copy.AsSpan(0, size), 1);
        NewestTime = KernelRecord.TimeOf(_copy);
        Advance(piece, at + (ulong)size);
    }

    private void Advance(RingPiece piece, ulong position)
    {
        Position = position;
        _lostFrom = position;
        if (piece.HasBegun)
            piece.End = position;
    }

    private void Begin(RingPiece piece)
    {
        ulong lost = Position - _lostFrom;
        piece.HasBegun = true;
        piece.Cpu = Place.Cpu;
        piece.RingSize = Place.Size;
        piece.Position = Position;
        piece.End = Position;
        piece.Loss = new RingLoss(lost, _scanner.Estimate(_lostFrom, Position), lost > 0 && !_hasRead);
        _lostFrom = Position;
        _hasRead = true;
    }

    private bool Copy(ulong from, ulong to)
    {
        int length = (int)(to - from);
        if (_copy.Length < length)
            _copy = GC.AllocateUninitializedArray<byte>(length);

        ulong offset = from & (Place.Size - 1);
        int first = (int)Math.Min((ulong)length, Place.Size - offset);
        return _memory(unchecked(Place.Base + offset), _copy.AsSpan(0, first)) == first
            && (first == length || _memory(Place.Base, _copy.AsSpan(first, length - first)) == length - first);
    }

    /// <summary>Reads how many bytes the kernel has ever written; null when that can't be told.</summary>
    private ulong? ReadLast()
    {
        if (!ReadHeader(_header))
            return null;

        for (int i = 0; i < _header.Length; i++)
        {
            bool isLast = i >= Place.LastOffset && i < Place.LastOffset + sizeof(ulong);
            HasMoved |= !isLast && _header[i] != _firstHeader[i];
        }

        return HasMoved || LastOf(_header) > MaxLast ? null : LastOf(_header);
    }

    private bool ReadHeader(byte[] header) => _memory(Place.HeaderAddress, header) == header.Length;

    private ulong LastOf(byte[] header) => BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(Place.LastOffset));
}
