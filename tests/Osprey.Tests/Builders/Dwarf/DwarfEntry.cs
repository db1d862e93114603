using Osprey.Binary.Dwarf.Info;

namespace Osprey.Tests.Builders.Dwarf;

/// <summary>A debugging information entry that a test makes up.</summary>
internal sealed class DwarfEntry(DwarfTag tag)
{
    public DwarfTag Tag => tag;

    public List<(DwarfAttribute Name, DwarfForm Form, object Value)> Attributes { get; } = [];

    public List<DwarfEntry> Children { get; } = [];

    /// <summary>True when a list of children follows, even an empty one.</summary>
    public bool HasChildren { get; init; }

    /// <param name="value">A number, a text, bytes, or the entry that the attribute refers to.</param>
    public DwarfEntry With(DwarfAttribute name, DwarfForm form, object value)
    {
        Attributes.Add((name, form, value));
        return this;
    }

    public DwarfEntry Name(string name) => With(DwarfAttribute.Name, DwarfForm.String, name);

    public DwarfEntry LinkageName(string name) => With(DwarfAttribute.LinkageName, DwarfForm.StringOffset, name);

    public DwarfEntry Range(ulong low, ulong size) =>
        With(DwarfAttribute.LowPc, DwarfForm.Address, low).With(DwarfAttribute.HighPc, DwarfForm.Data4, size);

    public DwarfEntry Origin(DwarfEntry entry) => With(DwarfAttribute.AbstractOrigin, DwarfForm.Reference4, entry);

    public DwarfEntry Call(ulong file, ulong line) =>
        With(DwarfAttribute.CallFile, DwarfForm.Data1, file)
            .With(DwarfAttribute.CallLine, DwarfForm.UnsignedData, line);

    public DwarfEntry Add(params ReadOnlySpan<DwarfEntry> children)
    {
        foreach (DwarfEntry child in children)
            Children.Add(child);

        return this;
    }
}
