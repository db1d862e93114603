using System.Runtime.InteropServices;
using System.Text;
using Osprey.Target.Backends.Processes;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Target.Backends.Qemu.Block;

// QEMU has no way to ask whether a request is suspended. It says so on its standard output, which is often lost, and
// the monitor's wait_break makes the whole monitor wait, for ever if no such request comes. But it keeps a list: each
// filter has one of
//
//     struct BlkdebugSuspendedReq { Coroutine *co; char *tag; QLIST_ENTRY(BlkdebugSuspendedReq) next; };
//
// so a suspended request is four words: a coroutine, the tag's text, the next element, and the address of the word that
// points to this element. We look for the text of a tag in the memory of QEMU's process, for words that point to such a
// text, and at what is around them: the element is one when the word that it names as the one before it does point to
// it. What was freed fails at that, and so does the rule that the breakpoint itself is. The tag has a number in it that
// only we know, so that nothing the guest or a file holds can be taken for it.
//
// A whole search reads all memory of the process that is not the guest's: some tens of megabytes. QEMU's translated
// code is left out (QEMU 11 has a gigabyte of it, in pieces as large as an arena of glibc), and what is small comes
// first. While a breakpoint is waited for, the text in its rule stays where it is and is freed when a request comes:
// only when one of the texts that were found has changed, or a second is over, all is searched again.

/// <summary>Finds the requests that a QEMU's blkdebug filters hold, in the memory of its process.</summary>
internal sealed class SuspendedRequests : IDisposable
{
    private const int ChunkSize = 1 << 20;
    private const int Overlap = 128; // more than a tag's length
    private const int WordSize = 8;
    private const ulong MaxMappingSize = 64UL << 20; // as glibc's arenas; RAM of guests is larger
    private const long MaxSearched = 1L << 30;
    private const int MaxTexts = 4096;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);

    private readonly ProcessMemory _memory;
    private readonly QemuProcess _process;
    private readonly byte[] _chunk = new byte[ChunkSize];
    private Dictionary<ulong, string> _texts = [];
    private long _searchedAt;

    /// <param name="process">The QEMU.</param>
    public SuspendedRequests(QemuProcess process)
    {
        _process = process;
        _memory = new ProcessMemory(process);
    }

    /// <summary>Finds all breakpoints of ours that hold a request.</summary>
    /// <param name="cancellation">The user's wish to end early.</param>
    /// <returns>Their tags as QEMU knows them.</returns>
    /// <exception cref="TargetException">The process ended, or may not be read by this user.</exception>
    public IReadOnlySet<string> Find(CancellationToken cancellation)
    {
        _searchedAt = Environment.TickCount64;
        IReadOnlyList<ProcessMapping> mappings = ListMappings();
        _texts = FindTexts(mappings, cancellation);
        return FindElements(mappings, cancellation);
    }

    /// <summary>
    /// Tells whether a breakpoint may hold a request since the last search, at little cost; <see cref="Find"/> says
    /// whether it does.
    /// </summary>
    /// <param name="qemuTag">The tag as QEMU knows it.</param>
    /// <exception cref="TargetException">The process ended, or may not be read by this user.</exception>
    public bool MayHaveCome(string qemuTag)
    {
        if (Environment.TickCount64 - _searchedAt > s_longest.TotalMilliseconds)
            return true;

        bool isThere = false;
        Span<byte> text = stackalloc byte[qemuTag.Length + 1];
        foreach ((ulong address, string tag) in _texts)
        {
            if (tag != qemuTag)
                continue;

            isThere = true;
            if (_memory.Read(address, text) < text.Length || TryReadTag(text) != tag)
                return true;
        }

        return !isThere;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    /// <summary>Tells whether an element of QEMU's list is at an address.</summary>
    /// <param name="read">Reads a word; null where nothing is mapped.</param>
    /// <param name="tagField">The address of the element's field with the tag.</param>
    internal static bool IsElement(Func<ulong, ulong?> read, ulong tagField) =>
        unchecked(tagField - WordSize) is var element
        && read(element) is not (null or 0)
        && read(unchecked(tagField + WordSize)) is { } next
        && read(unchecked(tagField + (2 * WordSize))) is { } previous and not 0
        && read(previous) == element
        && (next == 0 || read(unchecked(next + (3 * WordSize))) == unchecked(tagField + WordSize));

    /// <summary>The memory that QEMU's own data may be in, the heap first.</summary>
    private List<ProcessMapping> ListMappings()
    {
        var mappings = new List<ProcessMapping>();
        try
        {
            long left = MaxSearched;
            foreach (
                ProcessMapping mapping in ProcessMapping
                    .ReadAll(_process.ProcessId)
                    .Where(item =>
                        item is { IsWritable: true, IsShared: false, IsExecutable: false, Path: "" or "[heap]" }
                    )
                    .OrderBy(item => item.Path.Length == 0)
                    .ThenBy(item => item.End - item.Start)
            )
            {
                ulong size = mapping.End - mapping.Start;
                if (mapping.Path.Length == 0 && size > MaxMappingSize)
                    continue;

                left -= (long)Math.Min(size, long.MaxValue / 2);
                if (left < 0)
                    break;

                mappings.Add(mapping);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TargetException(
                _process.IsAlive() ? TargetProblem.MemoryNotPermitted : TargetProblem.GuestEnded,
                _process.IsAlive()
                    ? $"the memory of qemu pid {_process.ProcessId} can't be read: not permitted"
                    : $"the guest ended: qemu pid {_process.ProcessId} does not run any more",
                exception
            );
        }

        return mappings;
    }

    private Dictionary<ulong, string> FindTexts(IReadOnlyList<ProcessMapping> mappings, CancellationToken cancellation)
    {
        var texts = new Dictionary<ulong, string>();
        ForEachChunk(
            mappings,
            (start, bytes) =>
            {
                for (int at = 0; at < bytes.Length; at++)
                {
                    int found = bytes[at..].IndexOf("osprey-"u8); // BlockBreakpoint.Prefix
                    if (found < 0 || texts.Count >= MaxTexts)
                        return;

                    at += found;
                    ulong address = unchecked(start + (ulong)at);
                    if (address % WordSize == 0 && TryReadTag(bytes[at..]) is { } tag)
                        texts[address] = tag;
                }
            },
            cancellation
        );
        return texts;
    }

    private HashSet<string> FindElements(IReadOnlyList<ProcessMapping> mappings, CancellationToken cancellation)
    {
        var found = new HashSet<string>();
        if (_texts.Count == 0)
            return found;

        ulong[] addresses = [.. _texts.Keys];
        ForEachChunk(
            mappings,
            (start, bytes) =>
            {
                ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
                for (int at = 0; at < words.Length; at++)
                {
                    int next = words[at..].IndexOfAny(addresses);
                    if (next < 0)
                        return;

                    at += next;
                    if (IsElement(ReadWord, unchecked(start + (ulong)(at * WordSize))))
                        found.Add(_texts[words[at]]);
                }
            },
            cancellation
        );
        return found;
    }

    private void ForEachChunk(
        IReadOnlyList<ProcessMapping> mappings,
        ChunkAction action,
        CancellationToken cancellation
    )
    {
        foreach (ProcessMapping mapping in mappings)
        {
            ulong at = mapping.Start;
            while (at < mapping.End)
            {
                cancellation.ThrowIfCancellationRequested();
                int size = (int)Math.Min(ChunkSize, mapping.End - at);
                int count = _memory.Read(at, _chunk.AsSpan(0, size));
                if (count > 0)
                    action(at, _chunk.AsSpan(0, count));

                if (count < size || mapping.End - at <= (ulong)size)
                    break;

                at += (ulong)(size - Overlap);
            }
        }
    }

    private ulong? ReadWord(ulong address)
    {
        Span<byte> word = stackalloc byte[WordSize];
        return _memory.Read(address, word) == WordSize ? MemoryMarshal.Read<ulong>(word) : null;
    }

    /// <summary>Reads a tag of ours with its zero byte; null when there is none.</summary>
    private static string? TryReadTag(ReadOnlySpan<byte> bytes)
    {
        int length = bytes[..Math.Min(bytes.Length, BlockBreakpoint.MaxQemuTagLength + 1)].IndexOf((byte)0);
        if (length <= 0)
            return null;

        string text = Encoding.Latin1.GetString(bytes[..length]);
        return BlockBreakpoint.FindTag(text) is null ? null : text;
    }

    private delegate void ChunkAction(ulong start, ReadOnlySpan<byte> bytes);
}
