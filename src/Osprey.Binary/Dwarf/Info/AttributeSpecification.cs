namespace Osprey.Binary.Dwarf.Info;

/// <summary>One attribute of an abbreviation: what it means and how it is stored.</summary>
/// <param name="Name">What it means.</param>
/// <param name="Form">How it is stored.</param>
/// <param name="Constant">The value itself, for <see cref="DwarfForm.ImplicitConstant"/>.</param>
public readonly record struct AttributeSpecification(DwarfAttribute Name, DwarfForm Form, long Constant);
