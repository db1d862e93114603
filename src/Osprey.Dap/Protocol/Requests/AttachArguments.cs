using System.Text.Json.Serialization;

namespace Osprey.Dap.Protocol.Requests;

/// <summary>The guest that the user wishes to debug, in the words of a launch configuration.</summary>
internal record AttachArguments
{
    /// <summary>The guest, as <c>--target</c> names it; null for the only one of this host.</summary>
    public string? Target { get; init; }

    /// <summary>QEMU's QMP socket.</summary>
    public string? Qmp { get; init; }

    /// <summary>The guest's kernel as an ELF file.</summary>
    public string? Exe { get; init; }

    /// <summary>Other programs, each <c>PATH@BASE</c>.</summary>
    public IReadOnlyList<string>? Modules { get; init; }

    /// <summary>A folder to look for files in that the guest has loaded, or several.</summary>
    [JsonConverter(typeof(TextsConverter))]
    public IReadOnlyList<string>? Sysroot { get; init; }

    /// <summary>Tells whether to use ELF files although the guest's memory holds something else.</summary>
    public bool? AnyBuild { get; init; }

    /// <summary>Tells whether to leave the index of debug info on disk alone.</summary>
    public bool? NoCache { get; init; }

    /// <summary>Tells whether to look only: the guest is never stopped.</summary>
    public bool? Look { get; init; }

    /// <summary>Tells whether the client may write the guest's memory.</summary>
    public bool? AllowWrite { get; init; }

    /// <summary>Tells whether the guest is to stand still when the session begins.</summary>
    public bool? StopOnEntry { get; init; }

    /// <summary>Folders of the debug info, each with the folder of this host that has its files.</summary>
    public IReadOnlyDictionary<string, string>? SourceMap { get; init; }

    /// <summary>A git repository that has the sources.</summary>
    public string? Git { get; init; }

    /// <summary>The commit in it; null for the one that the guest's version names.</summary>
    public string? Commit { get; init; }
}
