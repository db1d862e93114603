namespace Osprey.Traces.Analyses;

/// <summary>A stretch of guest time, begin inclusive, end exclusive; either side may be open.</summary>
/// <remarks>
/// trace-cli section 2.2. With <see cref="IsCompat"/> the bounds are fractions of nanoseconds, 0 counts as open, and
/// an interval that only touches the range is kept, as in the reference.
/// </remarks>
public sealed record TimeRange
{
    private readonly ulong _first;
    private readonly ulong _end = ulong.MaxValue;

    /// <summary>All of time.</summary>
    public static TimeRange All { get; } = new(null, null, false);

    /// <summary>All of time, with the reference's rules for intervals.</summary>
    public static TimeRange AllCompat { get; } = new(null, null, true);

    /// <param name="since">Nanoseconds of guest uptime; null for open.</param>
    /// <param name="until">Nanoseconds of guest uptime; null for open.</param>
    /// <param name="isCompat">Follow the reference's rules.</param>
    public TimeRange(decimal? since, decimal? until, bool isCompat)
    {
        Since = since;
        Until = until;
        IsCompat = isCompat;
        _first = Clamp(isCompat && since == 0 ? null : since, 0);
        _end = Clamp(isCompat && until == 0 ? null : until, ulong.MaxValue);
    }

    /// <summary>The first nanosecond in the range; null for open.</summary>
    public decimal? Since { get; }

    /// <summary>The first nanosecond behind the range; null for open.</summary>
    public decimal? Until { get; }

    /// <summary>Whether the reference's rules hold.</summary>
    public bool IsCompat { get; }

    /// <summary>Whether neither side is bounded.</summary>
    public bool IsAll => Since is null && Until is null;

    /// <summary>Whether a point in time lies in the range.</summary>
    public bool Contains(ulong time) => time >= _first && time < _end;

    /// <summary>Cuts an interval to the range.</summary>
    /// <param name="begin">Its begin in nanoseconds.</param>
    /// <param name="end">Its end in nanoseconds; may equal the begin.</param>
    /// <param name="trimmed">The length of what is left.</param>
    /// <returns>False when nothing of it lies in the range.</returns>
    public bool TryTrim(ulong begin, ulong end, out Duration trimmed)
    {
        if (IsCompat && !IsAll)
            return TryTrimAsReference(begin, end, out trimmed);

        trimmed = default;
        if (begin >= _end || (end <= _first && !(begin == end && begin >= _first)))
            return false;

        ulong from = Math.Max(begin, _first);
        trimmed = new Duration(unchecked((long)(Math.Max(Math.Min(end, _end), from) - from)));
        return true;
    }

    private bool TryTrimAsReference(ulong begin, ulong end, out Duration trimmed)
    {
        decimal from = begin == 0 ? Since ?? 0 : Since is decimal since and not 0 ? Math.Max(begin, since) : begin;
        bool isFraction = from != begin || begin == 0;
        decimal to = Until is decimal until ? Math.Min(end, until) : end;
        isFraction |= to != end;
        trimmed = default;
        if (from != 0 && to != 0 && from > to)
            return false;

        decimal length = to - from;
        long whole = (long)decimal.Truncate(length);
        trimmed = new Duration(whole, (double)(length - whole), isFraction && length != 0);
        return true;
    }

    private static ulong Clamp(decimal? bound, ulong open) =>
        bound is not decimal value ? open
        : value <= 0 ? 0
        : value >= ulong.MaxValue ? ulong.MaxValue
        : (ulong)decimal.Ceiling(value);
}
