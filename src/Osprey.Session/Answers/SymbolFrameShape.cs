using Osprey.Symbols;

namespace Osprey.Session.Answers;

/// <summary>The columns of a named frame; JSON leaves out what is unknown of it.</summary>
internal static class SymbolFrameShape
{
    /// <summary>The columns.</summary>
    public static Shape<SymbolFrame> Shape { get; } =
        new Shape<SymbolFrame>("frames")
            .Address("address", frame => frame.Address)
            .Text("name", frame => string.IsNullOrEmpty(frame.Name) ? null : frame.Name)
            .Optional()
            .Text("file", frame => frame.File)
            .Optional()
            .Integer("line", frame => frame.Line)
            .Optional()
            .Boolean("inlined", frame => frame.IsInlined ? true : null)
            .Optional();
}
