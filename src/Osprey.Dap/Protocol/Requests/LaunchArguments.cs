using System.Text.Json.Serialization;

namespace Osprey.Dap.Protocol.Requests;

/// <summary>The QEMU that the user wishes to start, and how to debug its guest.</summary>
internal sealed record LaunchArguments : AttachArguments
{
    /// <summary>QEMU's command line: the program and its arguments, or one text with all.</summary>
    [JsonConverter(typeof(TextsConverter))]
    public IReadOnlyList<string>? Qemu { get; init; }

    /// <summary>The folder to start it in; null for that of the adapter.</summary>
    public string? Cwd { get; init; }

    /// <summary>Variables of its environment.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }
}
