// Checks PDF files against PDF/UA-1 with veraPDF's engine, all of them in one run:
//   java -cp JARS tests/verapdf/Validate.java FILE...
// Prints a line for each file and one for each rule that failed; ends with 1 if any did.
import java.io.FileInputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class Validate {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean allGood = true;
        for (String file : files) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new FileInputStream(file), PDFAFlavour.PDFUA_1);
                    PDFAValidator validator = Foundries.defaultInstance().createValidator(PDFAFlavour.PDFUA_1, false)) {
                ValidationResult result = validator.validate(parser);
                System.out.println((result.isCompliant() ? "compliant " : "broken ") + file);
                Set<String> broken = new LinkedHashSet<>();
                for (TestAssertion check : result.getTestAssertions()) {
                    broken.add("  " + check.getRuleId().getClause() + "-" + check.getRuleId().getTestNumber() + " " + check.getMessage());
                }
                broken.forEach(System.out::println);
                allGood &= result.isCompliant();
            }
        }
        System.exit(allGood ? 0 : 1);
    }
}
