namespace Osprey.Guests.Programs;

/// <summary>Results of a comparison of an ELF file with a guest's memory.</summary>
public enum ProgramFit
{
    /// <summary>All that could be compared is the same.</summary>
    Same,

    /// <summary>It is another build, or lies somewhere else.</summary>
    Different,

    /// <summary>
    /// Nothing of it could be read in the guest: its pages are not resident, or this is not its address space.
    /// </summary>
    Unknown,
}
