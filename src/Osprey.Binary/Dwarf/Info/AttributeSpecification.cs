namespace Osprey.Binary.Dwarf.Info;

/// <summary>An attribute of an abbreviation: its meaning and the form in which it is stored.</summary>
/// <param name="Name">The attribute's meaning.</param>
/// <param name="Form">The form in which its values are stored.</param>
/// <param name="Constant">The value, for <see cref="DwarfForm.ImplicitConstant"/>; else 0.</param>
internal readonly record struct AttributeSpecification(DwarfAttribute Name, DwarfForm Form, long Constant);
