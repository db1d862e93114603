namespace Osprey.Binary.Dwarf.Info;

/// <summary>
/// An abbreviation in the form that a scanner needs: for each value that it keeps, and each run of values that it does
/// not keep, a step.
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
    /// <summary>The condition under which the index of names wants the name of such an entry.</summary>
    internal enum NameUse : byte
    {
        None,
        Always,
        Function,
        TemplateParameter,
    }

    /// <summary>The use of a value. A run consists of values of fixed sizes that are not kept.</summary>
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

    /// <summary>A step over a value that is kept, or a run of values that are not.</summary>
    /// <param name="Size">Size of the value or of the whole run in bytes; -1 when it depends on the value.</param>
    /// <param name="Form">The value's form; none for a run.</param>
    /// <param name="Use">The use of the value.</param>
    /// <param name="Mark">The mark that a flag adds when it is not 0.</param>
    /// <param name="Constant">The value of an implicit constant.</param>
    internal readonly record struct Step(int Size, DwarfForm Form, Use Use, EntryMarks Mark, long Constant);
}
