using Osprey.Session.Traces.Changes;

namespace Osprey.Session.Answers.Traces.Files;

/// <summary>The outcome of converting a dump.</summary>
/// <param name="Input">The dump.</param>
/// <param name="Format">Its format.</param>
/// <param name="Result">What was written.</param>
/// <param name="IsWhole">Whether the dump is undamaged.</param>
public sealed record ConversionAnswer(string Input, string Format, ConversionResult Result, bool IsWhole)
{
    /// <summary>The columns.</summary>
    public static Shape<ConversionAnswer> Shape { get; } =
        new Shape<ConversionAnswer>("conversions")
            .Text("input", answer => answer.Input)
            .Text("format", answer => answer.Format)
            .Include(answer => answer.Result, ConversionShape.Shape)
            .Boolean("whole", answer => answer.IsWhole);
}
