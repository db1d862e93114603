using Osprey.Session.Guests.Code;

namespace Osprey.Session.Answers.Guests;

/// <summary>The columns of a list of instructions.</summary>
internal static class InstructionShape
{
    /// <summary>The columns.</summary>
    public static Shape<InstructionRow> Shape { get; } =
        new Shape<InstructionRow>("instructions")
            .Address("address", row => row.Address)
            .Bytes("bytes", row => row.Bytes)
            .Text("text", row => row.Text)
            .Text("function", row => row.Function)
            .Text("file", row => row.File)
            .Integer("line", row => row.Line);
}
