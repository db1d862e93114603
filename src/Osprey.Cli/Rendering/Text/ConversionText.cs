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
}
