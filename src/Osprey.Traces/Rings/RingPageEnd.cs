namespace Osprey.Traces.Rings;

/// <summary>The reason why no more records of a page were found.</summary>
internal enum RingPageEnd
{
    /// <summary>All of it is records.</summary>
    Whole,

    /// <summary>The rest of the page is not used.</summary>
    Padding,

    /// <summary>A record is marked as being written.</summary>
    Unfinished,

    /// <summary>A record is of a tracepoint that is not known.</summary>
    Unknown,

    /// <summary>What follows is no record.</summary>
    Strange,
}
