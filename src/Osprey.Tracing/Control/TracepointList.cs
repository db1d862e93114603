using Osprey.Tracing.Arguments;
using Osprey.Tracing.Memory;

namespace Osprey.Tracing.Control;

/// <summary>All tracepoints of the process, and the patterns that those defined later are held against.</summary>
internal static unsafe class TracepointList
{
    private const int LongestText = 1000;

    private static readonly Lock s_lock = new();
    private static readonly List<TracepointInfo> s_tracepoints = [];
    private static readonly List<(Predicate<string> Matches, bool Enabled, bool Backtrace)> s_patterns = [];
    private static TracepointInfo[]? s_snapshot;

    static TracepointList() => StartSettings.Apply();

    /// <summary>Gets the tracepoints in the order of their definition.</summary>
    public static IReadOnlyList<TracepointInfo> GetAll()
    {
        lock (s_lock)
            return s_snapshot ??= [.. s_tracepoints];
    }

    /// <summary>Defines a tracepoint.</summary>
    public static TracepointDescriptor* Define(string name, string format, ReadOnlySpan<Type> types)
    {
        string signature = string.Create(types.Length, types, (text, from) => Describe(text, from));
        return Define(name, format, signature);
    }

    /// <summary>Defines a tracepoint whose arguments have the types of a signature.</summary>
    public static TracepointDescriptor* Define(string name, string format, string signature)
    {
        CheckTexts(name, format);
        if (FormatText.FindMismatch(format, signature) is { } mismatch)
            throw new ArgumentException($"The tracepoint {name} can't be defined: {mismatch}.", nameof(format));

        lock (s_lock)
        {
            TracepointInfo info = Add(name, format, signature);
            int pattern = s_patterns.FindLastIndex(known => known.Matches(name));
            if (pattern >= 0)
                info.Switch(s_patterns[pattern].Enabled, s_patterns[pattern].Backtrace);

            return info.Descriptor;
        }
    }

    /// <summary>Enables the tracepoints whose names match, and those that are defined later.</summary>
    public static int Enable(Predicate<string> matches, bool backtrace, bool later)
    {
        lock (s_lock)
        {
            if (later)
                s_patterns.Add((matches, true, backtrace));
            return SwitchNow(matches, true, backtrace);
        }
    }

    /// <summary>Disables the tracepoints whose names match, and those that are defined later.</summary>
    /// <param name="matches">Tells whether a name matches.</param>
    /// <param name="isAll">Whether all do, so that no earlier pattern is needed any more.</param>
    public static int Disable(Predicate<string> matches, bool isAll)
    {
        lock (s_lock)
        {
            if (isAll)
                s_patterns.Clear();
            else
                s_patterns.Add((matches, false, false));
            return SwitchNow(matches, false, false);
        }
    }

    private static int SwitchNow(Predicate<string> matches, bool enabled, bool backtrace)
    {
        int count = 0;
        foreach (TracepointInfo info in s_tracepoints)
        {
            if (!matches(info.Name))
                continue;

            info.Switch(enabled, backtrace);
            count++;
        }

        return count;
    }

    private static TracepointInfo Add(string name, string format, string signature)
    {
        var descriptor = (TracepointDescriptor*)TraceRegion.Allocate(sizeof(TracepointDescriptor));
        byte* nameCopy = TraceRegion.AllocateText(name);
        byte* formatCopy = TraceRegion.AllocateText(format);
        byte* signatureCopy = TraceRegion.AllocateText(signature);
        if (descriptor == null || nameCopy == null || formatCopy == null || signatureCopy == null)
            throw new InvalidOperationException($"There are too many tracepoints to define {name}.");

        descriptor->Number = (ulong)s_tracepoints.Count;
        descriptor->Name = nameCopy;
        descriptor->Format = formatCopy;
        descriptor->Signature = signatureCopy;

        var info = new TracepointInfo(descriptor, name, format, signature);
        RegionHeader* header = TraceRegion.Header;
        if (s_tracepoints.Count == 0)
        {
            Volatile.Write(ref *(nint*)&header->FirstTracepoint, (nint)descriptor);
        }
        else
        {
            descriptor->Previous = s_tracepoints[^1].Descriptor;
            Volatile.Write(ref *(nint*)&descriptor->Previous->Next, (nint)descriptor);
        }

        s_tracepoints.Add(info);
        s_snapshot = null;
        Volatile.Write(ref header->TracepointCount, s_tracepoints.Count);
        return info;
    }

    private static void Describe(Span<char> text, ReadOnlySpan<Type> types)
    {
        for (int i = 0; i < types.Length; i++)
            text[i] = SignatureText.Of(types[i]);
    }

    private static void CheckTexts(string name, string format)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(format);
        foreach (string text in (ReadOnlySpan<string>)[name, format])
        {
            if (text.Length > LongestText || text.Any(char.IsControl))
            {
                throw new ArgumentException(
                    $"A tracepoint's name and format have at most {LongestText} characters and none that control a "
                        + "terminal."
                );
            }
        }
    }
}
