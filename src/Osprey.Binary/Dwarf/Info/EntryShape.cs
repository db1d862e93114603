namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// An abbreviation as a scanner needs it: what to do for each value, or run of values without meaning to it.
/// </summary>
internal readonly record struct EntryShape(
    DwarfTag Tag,
    bool HasChildren,
    EntryMarks Marks,
    int FirstStep,
    int StepCount,
    EntryShape.NameUse Names
)
{
    /// <summary>Whether such an entry has a name that an index wants.</summary>
    internal enum NameUse : byte
    {
        None,
        Always,
        Function,
        TemplateParameter,
    }

    /// <summary>What a value is kept as; a run is of values of fixed sizes that are not kept.</summary>
    internal enum Use : byte
    {
        Nothing,
        Run,
        Sibling,
        Name,
        LinkageName,
        Origin,
        Import,
        Flag,
    }

    /// <param name="Size">Bytes of the value, -1 when that depends on the value; of a run, of all of it.</param>
    /// <param name="Form">The value's form; none for a run.</param>
    /// <param name="Use">What it is kept as.</param>
    /// <param name="Mark">What a flag that is set adds.</param>
    /// <param name="Constant">The value of an implicit constant.</param>
    internal readonly record struct Step(int Size, DwarfForm Form, Use Use, EntryMarks Mark, long Constant);
}
