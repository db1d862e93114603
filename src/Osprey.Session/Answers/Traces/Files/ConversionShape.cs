using Osprey.Session.Traces.Changes;

namespace Osprey.Session.Answers.Traces.Files;

/// <summary>The columns of what a conversion wrote.</summary>
public static class ConversionShape
{
    private static readonly Shape<ConvertedSymbols> s_symbols = new Shape<ConvertedSymbols>("symbols")
        .Text("path", symbols => symbols.Path)
        .Integer("addresses", symbols => symbols.Addresses)
        .Integer("named", symbols => symbols.Named);

    /// <summary>The columns.</summary>
    public static Shape<ConversionResult> Shape { get; } =
        new Shape<ConversionResult>("conversions")
            .Text("tracefile", result => result.Path)
            .Integer("samples", result => result.Samples)
            .Integer("tracepoints", result => result.Tracepoints)
            .Size("bytes", result => result.Size)
            .Record("symbols", result => result.Symbols, s_symbols)
            .Optional();
}
