namespace Osprey.Session.Answers.Guests.Cpus;

/// <summary>A register with what it holds.</summary>
/// <param name="Name">Its name as gdb spells it.</param>
/// <param name="Value">What it holds.</param>
public readonly record struct RegisterValue(string Name, ulong Value);
