namespace Osprey.Session.Traces.Export;

/// <summary>The forms that a trace can be written in.</summary>
public enum ExportFormat
{
    /// <summary>Folded stacks.</summary>
    Folded,

    /// <summary>A profile for speedscope.</summary>
    Speedscope,

    /// <summary>Trace Event JSON.</summary>
    Chrome,

    /// <summary>Packets.</summary>
    Pcapng,

    /// <summary>A table of samples.</summary>
    Csv,

    /// <summary>A tracefile of version 3.</summary>
    Tracefile,
}
