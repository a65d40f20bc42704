kmodel import missing.keras
