using System.Text.Json;
using Osprey.Session.Traces.Changes;

namespace Osprey.Cli.Rendering.Text;

/// <summary>Says what a conversion wrote.</summary>
internal static class ConversionText
{
    /// <summary>A message for the user.</summary>
    public static string Describe(string input, ConversionResult result)
    {
        string text =
            $"converted {input} to {result.Path}: {result.Samples} samples of {result.Tracepoints} tracepoints";
        return result.Symbols is { } symbols
            ? $"{text}; {symbols.Path} names {symbols.Named} of {symbols.Addresses} addresses"
            : text;
    }

    /// <summary>The same as members of a JSON object.</summary>
    public static void WriteMembers(Utf8JsonWriter writer, ConversionResult result)
    {
        writer.WriteString("tracefile"u8, result.Path);
        writer.WriteNumber("samples"u8, result.Samples);
        writer.WriteNumber("tracepoints"u8, result.Tracepoints);
        writer.WriteNumber("bytes"u8, result.Size);
        if (result.Symbols is not { } symbols)
            return;

        writer.WriteStartObject("symbols"u8);
        writer.WriteString("path"u8, symbols.Path);
        writer.WriteNumber("addresses"u8, symbols.Addresses);
        writer.WriteNumber("named"u8, symbols.Named);
        writer.WriteEndObject();
    }
}
