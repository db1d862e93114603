namespace Osprey.Traces.Formats.ChromeJson;

/// <summary>The kinds of event that are made of those of a Chrome trace.</summary>
internal enum ChromePhase : byte
{
    /// <summary>A moment, or the value of a counter.</summary>
    Moment,

    /// <summary>The begin of a slice.</summary>
    Begin,

    /// <summary>The end of a slice.</summary>
    End,
}
